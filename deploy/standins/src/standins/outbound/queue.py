"""The durable queue of callbacks; rows are added in the transaction of what they report."""

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from standins.database import write_transaction

SCHEMA = """
CREATE TABLE IF NOT EXISTS delivery (
    id INTEGER PRIMARY KEY,
    subject_id TEXT NOT NULL,
    subject_type TEXT NOT NULL,
    target TEXT NOT NULL,
    body BLOB NOT NULL,
    signing TEXT NOT NULL DEFAULT 'right' CHECK (signing IN ('right', 'wrong', 'stale')),
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'given_up', 'dropped')),
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at REAL NOT NULL,
    due_at REAL NOT NULL,
    last_status INTEGER,
    last_error TEXT
);
CREATE INDEX IF NOT EXISTS delivery_due ON delivery (due_at) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS delivery_subject ON delivery (subject_id);
"""

_LONGEST_GAP_SECONDS = 3600.0


@dataclass(frozen=True)
class Delivery:
    """One callback on its way: what it reports, where it goes, and the exact bytes of its body."""

    id: int
    subject_id: str
    target: str
    body: bytes
    signing: str
    attempts: int
    created_at: float


@dataclass(frozen=True)
class Outcome:
    """What one attempt brought; `status` is None when no answer came."""

    delivery: Delivery
    status: int | None
    error: str | None

    @property
    def is_accepted(self) -> bool:
        """Only a 2xx answer counts as delivered."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True)
class RetryPolicy:
    """Gap before retry n is `first_gap * 2**(n-1)` seconds, an hour at most; given up after `give_up_after`."""

    first_gap: float = 1.0
    give_up_after: float = 3 * 86_400.0

    def gap(self, attempts: int) -> float:
        """Return the seconds to wait after that many attempts."""
        return min(self.first_gap * 2.0 ** (attempts - 1), _LONGEST_GAP_SECONDS)


class DeliveryQueue:
    """Reads and writes the `delivery` table; the caller owns the transaction of `add`."""

    def __init__(self, connection: sqlite3.Connection, policy: RetryPolicy) -> None:
        self._connection = connection
        self._policy = policy

    def add(
        self,
        subject: tuple[str, str],
        target: str,
        *,
        body: bytes,
        now: float,
        delay: float = 0.0,
        signing: str = "right",
        state: str = "waiting",
    ) -> None:
        """Queue one callback about the subject (id, type) inside the caller's transaction."""
        self._connection.execute(
            "INSERT INTO delivery (subject_id, subject_type, target, body, signing, state, created_at, due_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (subject[0], subject[1], target, body, signing, state, now, now + delay),
        )

    def due(self, now: float, running: Collection[int], *, limit: int) -> list[Delivery]:
        """Return what has to be sent by now and is not being sent already, oldest first."""
        known = ", ".join("?" * len(running))
        rows = self._connection.execute(
            "SELECT id, subject_id, target, body, signing, attempts, created_at FROM delivery"  # noqa: S608
            f" WHERE state = 'waiting' AND due_at <= ? AND id NOT IN ({known}) ORDER BY due_at, id LIMIT ?",
            (now, *running, limit),
        )
        return [Delivery(**dict(row)) for row in rows]

    def next_due_at(self, running: Collection[int]) -> float | None:
        """Return when the next callback is due that is not being sent already, or None when nothing waits."""
        rows = self._connection.execute(
            "SELECT id, due_at FROM delivery WHERE state = 'waiting' ORDER BY due_at LIMIT ?", (len(running) + 1,)
        )
        return next((float(row["due_at"]) for row in rows if row["id"] not in running), None)

    def record(self, outcomes: Iterable[Outcome], now: float) -> None:
        """Store in one transaction what attempts brought, and plan the next ones."""
        with write_transaction(self._connection):
            for outcome in outcomes:
                self._record(outcome, now)

    def _record(self, outcome: Outcome, now: float) -> None:
        delivery = outcome.delivery
        attempts = delivery.attempts + 1
        state = "delivered" if outcome.is_accepted else "waiting"
        if state == "waiting" and now - delivery.created_at > self._policy.give_up_after:
            state = "given_up"
        self._connection.execute(
            "UPDATE delivery SET state = ?, attempts = ?, due_at = ?, last_status = ?, last_error = ? WHERE id = ?",
            (state, attempts, now + self._policy.gap(attempts), outcome.status, outcome.error, delivery.id),
        )

    def retry_all(self, now: float) -> int:
        """Make everything that waits or was given up due now; return how many."""
        return self._connection.execute(
            "UPDATE delivery SET state = 'waiting', due_at = ? WHERE state IN ('waiting', 'given_up')", (now,)
        ).rowcount

    def undelivered(self, subject_id: str) -> int:
        """Return how many targets have not accepted the subject yet."""
        row = self._connection.execute(
            "SELECT count(*) FROM delivery WHERE subject_id = ? AND state = 'waiting'", (subject_id,)
        ).fetchone()
        return int(row[0])

    def listed(self, *, state: str | None = None, limit: int = 200) -> list[dict[str, object]]:
        """Return the newest callbacks for a person or a test to look at, without their bodies."""
        rows = self._connection.execute(
            "SELECT id, subject_id, subject_type, target, signing, state, attempts, created_at, due_at,"
            " last_status, last_error FROM delivery WHERE ? IS NULL OR state = ? ORDER BY id DESC LIMIT ?",
            (state, state, limit),
        )
        return [dict(row) for row in rows]
