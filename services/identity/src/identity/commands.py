"""Commands of identity alone, beside those that every service has."""

from collections.abc import Sequence

from identity.service.sellers import republish_sellers
from runtime.answers import dry_run, show
from runtime.run import Service

_BATCH = 500


async def republish(service: Service, arguments: Sequence[str]) -> None:
    """``python -m identity republish``: tell the state of every shop again, for readers that rebuild."""
    if service.db is None:
        raise RuntimeError("identity has a database")
    async with service.db.reading() as tx:
        row = await tx.row("SELECT count(*) AS count FROM sellers")
    count = row["count"] if row else 0
    if dry_run("republish", arguments):
        show({"service": "identity", "would_republish": count})
        return
    after: str | None = ""
    while after is not None:
        async with service.db.hot_transaction() as tx:
            after = await republish_sellers(tx, after=after, limit=_BATCH)
    show({"service": "identity", "republished": count})
