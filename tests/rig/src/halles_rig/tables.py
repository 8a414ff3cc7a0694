"""What rows look at in the databases while a fault lasts; every look opens and closes its own connections."""

import asyncio
from typing import Any

from halles_local.invariants.sources import Sources
from halles_local.ports import DATABASES

_LOCKS = """
SELECT count(*) AS held FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND datname = '{service}'
  AND xact_start < clock_timestamp() - interval '{seconds} seconds'
"""


def one(sources: Sources, service: str, query: str) -> dict[str, Any]:
    """The only row of a query."""
    try:
        return sources.rows(service, query)[0]
    finally:
        sources.close()


def outbox_rows(sources: Sources) -> int:
    """Events that wait to be published, in all services."""
    try:
        return sum(sources.rows(name, "SELECT count(*) AS n FROM outbox")[0]["n"] for name in DATABASES)
    finally:
        sources.close()


async def advisory_locks(sources: Sources, service: str, *, quiet_seconds: float) -> int:
    """Locks of shards that a relay has held for longer than this; the caller has frozen it."""
    await asyncio.sleep(quiet_seconds)
    return int(one(sources, service, _LOCKS.format(service=service, seconds=quiet_seconds))["held"])
