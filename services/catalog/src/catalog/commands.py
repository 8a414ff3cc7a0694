"""Commands of catalog alone: ``python -m catalog republish | rebuild``."""

from collections.abc import Awaitable, Callable, Sequence

from catalog.adapters.event_log import from_the_beginning
from catalog.adapters.index_rebuild import rebuild_index
from catalog.adapters.index_schema import IndexNames
from catalog.adapters.opensearch import Engine
from catalog.service.announcements import repeat_states
from chassis.db import Database
from runtime.answers import dry_run, show
from runtime.run import Service

Command = Callable[[Service, Sequence[str]], Awaitable[None]]
_AT_ONCE = 500


def republish(db: Database) -> Command:
    """Emit every offer's state again, with its sequence and marked as replay; the relay publishes."""

    async def run(_service: Service, arguments: Sequence[str]) -> None:
        if dry_run("republish", arguments, told=republish.__doc__):
            async with db.reading() as tx:
                row = await tx.row("SELECT count(*) AS count FROM offers")
            show({"service": "catalog", "would_republish": row["count"] if row else 0})
            return
        show({"service": "catalog", "republished": await _republish(db)})

    return run


async def _republish(db: Database) -> int:
    after, count = "", 0
    while True:
        async with db.hot_transaction() as tx:
            ids = await repeat_states(tx, after=after, limit=_AT_ONCE)
        if not ids:
            return count
        after, count = ids[-1], count + len(ids)


def rebuild(engine: Engine, names: IndexNames, *, brokers: str) -> Command:
    """Build the search index anew from the log, then switch to it without a gap."""

    async def run(_service: Service, arguments: Sequence[str]) -> None:
        if dry_run("rebuild", arguments, told=rebuild.__doc__):
            async with from_the_beginning(brokers) as events:
                show({"projection": "catalog.search-index", "would_read": await events.count()})
            return
        version = await rebuild_index(engine, names, brokers=brokers)
        show({"projection": "catalog.search-index", "rebuilt": version})

    return run
