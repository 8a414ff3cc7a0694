"""Commands of identity alone, beside those that every service has."""

from collections.abc import Sequence

import structlog

from identity.service.sellers import republish_sellers
from runtime.run import Service

log = structlog.get_logger()
_BATCH = 500


async def republish(service: Service, _: Sequence[str]) -> None:
    """``python -m identity republish``: tell the state of every shop again, for readers that rebuild."""
    if service.db is None:
        raise RuntimeError("identity has a database")
    after: str | None = ""
    while after is not None:
        async with service.db.hot_transaction() as tx:
            after = await republish_sellers(tx, after=after, limit=_BATCH)
    log.info("sellers.republished")
