"""What sellers asked carriers to take: rows first, calls later."""

from dataclasses import dataclass

from chassis.db import HotTransaction

_FIND = "SELECT shipment_id, carrier, tracking_number, state, attempts, error, correlation_id FROM registrations WHERE shipment_id = %s"
_ASK = """
INSERT INTO registrations (shipment_id, carrier, tracking_number, state, correlation_id) VALUES (%s, %s, %s, 'pending', %s)
ON CONFLICT (shipment_id) DO UPDATE SET carrier = excluded.carrier, tracking_number = excluded.tracking_number,
    state = 'pending', attempts = 0, next_attempt_at = clock_timestamp(), error = NULL, correlation_id = excluded.correlation_id
"""
_LEASE = """
UPDATE registrations SET attempts = attempts + 1, next_attempt_at = clock_timestamp() + make_interval(secs => %(lease)s)
WHERE shipment_id IN (
    SELECT shipment_id FROM registrations WHERE state = 'pending' AND next_attempt_at <= statement_timestamp()
      AND (%(only)s::text IS NULL OR shipment_id = %(only)s)
    ORDER BY next_attempt_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
) RETURNING shipment_id, carrier, tracking_number, state, attempts, error, correlation_id
"""
_FINISH = "UPDATE registrations SET state = %s, error = %s WHERE shipment_id = %s"
_POSTPONE = """
UPDATE registrations SET error = %s, next_attempt_at = clock_timestamp() + make_interval(secs => %s)
WHERE shipment_id = %s AND state = 'pending'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """``state``: ``pending`` | ``done`` | ``refused``; ``error`` is the carrier's last word when it was not yes."""

    shipment_id: str
    carrier: str
    tracking_number: str | None
    state: str
    attempts: int
    error: str | None
    correlation_id: str


async def find(tx: HotTransaction, shipment_id: str) -> Registration | None:
    row = await tx.row(_FIND, (shipment_id,))
    return Registration(**row) if row else None


async def ask(
    tx: HotTransaction, shipment_id: str, *, carrier: str, tracking_number: str | None, correlation_id: str
) -> None:
    """A new question to the carrier, replacing one that was refused."""
    await tx.execute(_ASK, (shipment_id, carrier, tracking_number, correlation_id))


async def lease(tx: HotTransaction, *, seconds: int, limit: int, only: str | None = None) -> list[Registration]:
    """Take due questions; nobody else asks them for ``seconds``."""
    rows = await tx.rows(_LEASE, {"lease": seconds, "limit": limit, "only": only})
    return [Registration(**row) for row in rows]


async def finish(tx: HotTransaction, shipment_id: str, *, state: str, error: str | None = None) -> None:
    await tx.execute(_FINISH, (state, error, shipment_id))


async def postpone(tx: HotTransaction, shipment_id: str, *, seconds: int, error: str) -> None:
    """Ask again later."""
    await tx.execute(_POSTPONE, (error, seconds, shipment_id))
