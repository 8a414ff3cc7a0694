"""Forgets what no duplicate and no retry can ask for any more, so that the technical tables stop growing (reliability.md 1.6, 4.2)."""

from datetime import timedelta

from chassis.db import Database
from chassis.metrics import FORGOTTEN
from contracts.topics import load

SECONDS = 600.0
KEYS_LIVE = timedelta(hours=48)
"""How long a stored answer is given again for its Idempotency-Key."""
BATCH = 5_000
_MARGIN = timedelta(days=7)
_INBOX = """
DELETE FROM inbox WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM inbox
    WHERE event_id < (SELECT uuidv7(-%(age)s::interval)) AND processed_at < statement_timestamp() - %(age)s::interval
    ORDER BY event_id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
))
"""
_KEYS = """
DELETE FROM idempotency_keys WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM idempotency_keys WHERE created_at < statement_timestamp() - %(age)s::interval
    ORDER BY created_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED
))
"""


def inbox_age() -> timedelta:
    """A week more than the longest that a topic which forgets keeps its events.

    What a compacted topic holds may be older. Its events carry a sequence, and what they change is gated by it, so an old one
    that comes again changes nothing without an inbox row.
    """
    longest = max(topic.retention_ms for topic in load() if topic.retention_ms is not None)
    return timedelta(milliseconds=longest) + _MARGIN


class Retention:
    """``sweep`` is the work of a loop: one batch of each table per round, so that no transaction is long."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._work = (("inbox", _INBOX, inbox_age()), ("idempotency_keys", _KEYS, KEYS_LIVE))

    async def sweep(self) -> bool:
        """Delete at most ``BATCH`` rows of each table; True while there may be more."""
        more = False
        for table, statement, age in self._work:
            async with self._db.hot_transaction() as tx:
                gone = await tx.count(statement, {"age": age, "batch": BATCH})
            FORGOTTEN.labels(table).inc(gone)
            more = more or gone >= BATCH
        return more
