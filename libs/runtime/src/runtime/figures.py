"""Figures that only the database knows, told every few seconds: what was parked, and how old the oldest unpublished event is."""

from chassis.db import Database
from chassis.metrics import OUTBOX_OLDEST, OUTBOX_PARKED, PARKED_EVENTS, PARKED_OLDEST

SECONDS = 15.0
_PARKED = """
SELECT consumer, count(*) AS events, extract(epoch FROM clock_timestamp() - min(first_seen))::float AS oldest
FROM parked_events GROUP BY consumer
"""
_OUTBOX = """
SELECT coalesce((SELECT extract(epoch FROM clock_timestamp() - created_at) FROM outbox ORDER BY id LIMIT 1), 0)::float AS oldest,
       (SELECT count(DISTINCT aggregate_id) FROM outbox WHERE parked_at IS NOT NULL) AS parked
"""


class Figures:
    """``tell`` is the work of a loop. ``groups``: the consumer groups of this service, which have a series from the start."""

    def __init__(self, db: Database, groups: tuple[str, ...]) -> None:
        self._db = db
        self._groups = groups

    async def tell(self) -> bool:
        async with self._db.reading() as tx:
            parked = {row["consumer"]: row for row in await tx.rows(_PARKED)}
            outbox = await tx.row(_OUTBOX) or {"oldest": 0.0, "parked": 0}
        OUTBOX_OLDEST.set(max(outbox["oldest"], 0.0))
        OUTBOX_PARKED.set(outbox["parked"])
        for group in {*self._groups, *parked}:
            found = parked.get(group, {"events": 0, "oldest": 0.0})
            PARKED_EVENTS.labels(group).set(found["events"])
            PARKED_OLDEST.labels(group).set(max(found["oldest"], 0.0))
        return False
