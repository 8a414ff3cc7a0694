"""Commands of catalog alone: ``python -m catalog republish | rebuild``."""

import argparse
from collections.abc import Awaitable, Callable, Sequence

import structlog

from catalog.adapters.index_rebuild import rebuild_index
from catalog.adapters.index_schema import IndexNames
from catalog.adapters.opensearch import Engine
from catalog.service.announcements import repeat_states
from chassis.db import Database
from runtime.run import Service

log = structlog.get_logger()
Command = Callable[[Service, Sequence[str]], Awaitable[None]]
_AT_ONCE = 500


def republish(db: Database) -> Command:
    """Emit every offer's state again, with its sequence and marked as replay; the relay publishes."""

    async def run(_service: Service, arguments: Sequence[str]) -> None:
        parser = argparse.ArgumentParser(prog="python -m catalog republish", description=republish.__doc__)
        parser.add_argument("--dry-run", action="store_true", help="count only")
        if parser.parse_args(list(arguments)).dry_run:
            async with db.reading() as tx:
                log.info("offers.counted", offers=await tx.row("SELECT count(*) AS count FROM offers"))
            return
        log.info("offers.republished", offers=await _republish(db))

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
        argparse.ArgumentParser(prog="python -m catalog rebuild", description=rebuild.__doc__).parse_args(
            list(arguments)
        )
        await rebuild_index(engine, names, brokers=brokers)

    return run
