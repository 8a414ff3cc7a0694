"""A new index from the log, while the old one keeps serving: new version, catch up, switch the aliases, drop the old."""

import structlog

from catalog.adapters.event_log import from_the_beginning
from catalog.adapters.index_admin import IndexAdmin
from catalog.adapters.index_schema import IndexNames
from catalog.adapters.index_writer import IndexWriter
from catalog.adapters.opensearch import Engine

log = structlog.get_logger()
_CAUGHT_UP = 100
"""With no more records than this in one round, the new index is close enough behind to be switched to."""


async def rebuild_index(engine: Engine, names: IndexNames, *, brokers: str) -> int:
    """Build, switch, drop; returns the new version. A failure leaves the old index at work and removes the new one.

    Until the switch the consumer at work writes into the old index only, so the log is read once more up to where it ends
    after the switch. Sequences make it harmless that some events then arrive from both sides.
    """
    admin = IndexAdmin(engine, names)
    version = await admin.create_next()
    writer = IndexWriter(engine, names, version=version)
    log.info("search_index.rebuild_started", version=version)
    try:
        async with from_the_beginning(brokers) as events:
            while (count := await events.feed(writer)) > _CAUGHT_UP:
                log.info("search_index.catching_up", version=version, records=count)
            await admin.switch(version)
            log.info("search_index.switched", version=version)
            await events.feed(writer)
        await admin.drop_older(version)
    except BaseException:
        await admin.drop_unused(version)
        raise
    log.info("search_index.rebuilt", version=version)
    return version
