"""The inbox of webhooks: stored first, processed by the worker, one row per event of a destination."""

from dataclasses import dataclass

from chassis.db import HotTransaction
from payment.ports import Notice

_STORE = """
INSERT INTO webhook_events (destination, event_id, type, object_id, api_version, payload, state)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (destination, event_id) DO NOTHING RETURNING event_id
"""
_CLAIM = """
UPDATE webhook_events SET tries = tries + 1, next_try_at = clock_timestamp() + make_interval(secs => %s)
WHERE (destination, event_id) IN (
    SELECT destination, event_id FROM webhook_events WHERE state = 'pending' AND next_try_at <= clock_timestamp()
    ORDER BY next_try_at LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING destination, event_id, type, object_id, tries
"""
_FINISH = """
UPDATE webhook_events SET state = %s, error = %s, processed_at = clock_timestamp()
WHERE destination = %s AND event_id = %s AND state = 'pending'
"""
_POSTPONE = """
UPDATE webhook_events SET error = %s, next_try_at = clock_timestamp() + make_interval(secs => %s),
    tries = tries - CASE WHEN %s THEN 1 ELSE 0 END
WHERE destination = %s AND event_id = %s AND state = 'pending'
"""


@dataclass(frozen=True, slots=True)
class StoredWebhook:
    destination: str
    event_id: str
    type: str
    object_id: str
    tries: int


async def store(tx: HotTransaction, notice: Notice, *, destination: str, body: bytes, is_wanted: bool) -> bool:
    """Keep the raw event; False when it is here already."""
    state = "pending" if is_wanted else "ignored"
    values = (destination, notice.event_id, notice.type, notice.object_id, notice.api_version, body, state)
    return await tx.row(_STORE, values) is not None


async def claim(tx: HotTransaction, *, limit: int, lease_seconds: int) -> list[StoredWebhook]:
    """Take due events; another worker takes over those whose lease has run out."""
    return [StoredWebhook(**row) for row in await tx.rows(_CLAIM, (lease_seconds, limit))]


async def finish(tx: HotTransaction, webhook: StoredWebhook, *, state: str, error: str | None = None) -> None:
    """``state``: ``done``, ``ignored`` or ``dead``."""
    await tx.execute(_FINISH, (state, error, webhook.destination, webhook.event_id))


async def postpone(
    tx: HotTransaction, webhook: StoredWebhook, *, pause_seconds: int, error: str | None, is_try_spent: bool
) -> None:
    """Look at it again after the pause. Waiting for our own call spends no try."""
    values = (error, pause_seconds, not is_try_spent, webhook.destination, webhook.event_id)
    await tx.execute(_POSTPONE, values)
