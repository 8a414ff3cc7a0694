"""Parcels and their events in SQLite; each event queues its callback in the same transaction."""

import hashlib
import sqlite3
import time
from datetime import UTC, datetime
from typing import Any

import orjson

from standins.carrier.domain import FINAL, ParcelStatus, can_follow
from standins.database import write_transaction
from standins.outbound.queue import DeliveryQueue

SCHEMA = """
CREATE TABLE IF NOT EXISTS parcel (
    tracking_number TEXT PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,
    carrier TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at TEXT NOT NULL,
    moved_at REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS parcel_moved ON parcel (moved_at);
CREATE TABLE IF NOT EXISTS parcel_event (
    id TEXT PRIMARY KEY,
    tracking_number TEXT NOT NULL REFERENCES parcel (tracking_number),
    status TEXT NOT NULL,
    occurred_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS parcel_event_of ON parcel_event (tracking_number, occurred_at);
"""


class UnknownParcelError(Exception):
    """No parcel has this tracking number."""


class MoveRefusedError(Exception):
    """The parcel cannot go from its status to the wanted one."""


class TrackingNumberTakenError(Exception):
    """Another reference has this tracking number."""


class ParcelBook:
    """Registers and moves parcels."""

    def __init__(self, connection: sqlite3.Connection, queue: DeliveryQueue, *, has_callback: bool) -> None:
        self._connection = connection
        self._queue = queue
        self._has_callback = has_callback

    def register(self, reference: str, carrier: str, *, tracking_number: str | None) -> dict[str, Any]:
        """Register a parcel; the same reference gets the same parcel again."""
        known = self._connection.execute("SELECT * FROM parcel WHERE reference = ?", (reference,)).fetchone()
        if known is not None:
            return dict(known)
        number = tracking_number or _tracking_number(reference)
        try:
            self._connection.execute(
                "INSERT INTO parcel (tracking_number, reference, carrier, status, created_at, moved_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (number, reference, carrier, ParcelStatus.REGISTERED, _now(), time.time()),
            )
        except sqlite3.IntegrityError:
            raise TrackingNumberTakenError(number) from None
        return self.get(number)

    def get(self, tracking_number: str) -> dict[str, Any]:
        """Return a parcel."""
        row = self._connection.execute("SELECT * FROM parcel WHERE tracking_number = ?", (tracking_number,)).fetchone()
        if row is None:
            raise UnknownParcelError(tracking_number)
        return dict(row)

    def events(self, tracking_number: str) -> list[dict[str, Any]]:
        """Return a parcel's events, oldest first."""
        rows = self._connection.execute(
            "SELECT id, status, occurred_at FROM parcel_event WHERE tracking_number = ? ORDER BY occurred_at",
            (tracking_number,),
        )
        return [dict(row) for row in rows]

    def newest(self, *, limit: int = 200) -> list[dict[str, Any]]:
        """Return the parcels that moved last."""
        rows = self._connection.execute("SELECT * FROM parcel ORDER BY moved_at DESC LIMIT ?", (limit,))
        return [dict(row) for row in rows]

    def resting_since(self, moment: float) -> list[dict[str, Any]]:
        """Return parcels under way that have not moved since the moment (unix seconds)."""
        rows = self._connection.execute(
            "SELECT * FROM parcel WHERE moved_at <= ? AND status NOT IN (?, ?)", (moment, *FINAL)
        )
        return [dict(row) for row in rows]

    def move(self, tracking_number: str, status: ParcelStatus) -> dict[str, Any]:
        """Move a parcel, write the event and queue its callback; the event it already had is returned unchanged."""
        with write_transaction(self._connection):
            parcel = self.get(tracking_number)
            if parcel["status"] == status:
                return next(event for event in reversed(self.events(tracking_number)) if event["status"] == status)
            if not can_follow(ParcelStatus(parcel["status"]), status):
                raise MoveRefusedError(f"a parcel that is {parcel['status']} cannot become {status}")
            return self._write(parcel, status)

    def _write(self, parcel: dict[str, Any], status: ParcelStatus) -> dict[str, Any]:
        number, occurred_at = parcel["tracking_number"], _now()
        identifier = f"cev_{hashlib.blake2b(f'{number}|{status}'.encode(), digest_size=12).hexdigest()}"
        event = {"id": identifier, "status": status.value, "occurred_at": occurred_at}
        self._connection.execute(
            "INSERT INTO parcel_event (id, tracking_number, status, occurred_at) VALUES (?, ?, ?, ?)",
            (identifier, number, status, occurred_at),
        )
        self._connection.execute(
            "UPDATE parcel SET status = ?, moved_at = ? WHERE tracking_number = ?", (status, time.time(), number)
        )
        if self._has_callback:
            body = orjson.dumps(
                {
                    "id": identifier,
                    "reference": parcel["reference"],
                    "tracking_number": number,
                    "status": status.value,
                    "occurred_at": occurred_at,
                }
            )
            self._queue.add((identifier, status), "platform", body=body, now=time.time())
        return event


def _tracking_number(reference: str) -> str:
    """Return a number that depends only on the reference, so that it can be told in advance."""
    digest = int.from_bytes(hashlib.blake2b(reference.encode(), digest_size=6).digest(), "big")
    return f"HL{digest % 10**11:011d}FR"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
