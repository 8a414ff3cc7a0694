"""Analytics reads every topic that lists it."""

from collections.abc import Sequence

from analytics.service.projections import Projector, projector
from chassis.consume import Received, Subscription
from chassis.db import HotTransaction
from contracts.topics import consumed_by

GROUP = "analytics"
_GATHER_SECONDS = 1.0
"""Figures may be a moment old."""
REBUILD_LOCK = 7301
"""Live batches hold it shared; the last stretch of a rebuild holds it alone."""


def subscription(timezone: str) -> Subscription:
    """What the service runs: waits while a rebuild switches tables."""
    return _reading(_guarded(projector(timezone)))


def rebuilding_subscription(timezone: str) -> Subscription:
    """The same handlers without the wait, for the rebuild itself."""
    return _reading(projector(timezone))


def _reading(project: Projector) -> Subscription:
    handlers = dict.fromkeys(consumed_by(GROUP), project)
    return Subscription(group=GROUP, handlers=handlers, replays=True, gather_seconds=_GATHER_SECONDS)


def _guarded(project: Projector) -> Projector:
    async def handler(tx: HotTransaction, batch: Sequence[Received]) -> None:
        await tx.execute("SELECT pg_advisory_xact_lock_shared(%s)", (REBUILD_LOCK,))
        await project(tx, batch)

    return handler
