"""The inbox of webhooks: stored first, processed by the worker, one row per event of a destination."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from chassis.db import HotTransaction
from payment.ports import Notice

# While a call of ours about the same payment is under way its answer is about to tell the same: look a second later.
_STORE = """
INSERT INTO webhook_events (destination, event_id, type, object_id, api_version, payload, state, next_try_at)
SELECT %(destination)s, %(event_id)s, %(type)s, %(object_id)s, %(api_version)s, %(payload)s, %(state)s,
       clock_timestamp() + make_interval(secs => coalesce((
           SELECT CASE WHEN has_open_operation OR state NOT IN ('action_required', 'processing') THEN 1 ELSE 0 END
           FROM payments WHERE intent_id = %(object_id)s), 0))
ON CONFLICT (destination, event_id) DO NOTHING RETURNING next_try_at <= clock_timestamp() AS is_due
"""
_CLAIM = """
UPDATE webhook_events SET tries = tries + 1, next_try_at = clock_timestamp() + make_interval(secs => %s)
WHERE (destination, event_id) IN (
    SELECT destination, event_id FROM webhook_events WHERE state = 'pending' AND next_try_at <= statement_timestamp()
    ORDER BY next_try_at LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING destination, event_id, type, object_id, tries
"""
_FINISH = """
UPDATE webhook_events AS stored SET state = done.state, error = done.error, processed_at = clock_timestamp()
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) AS done (destination, event_id, state, error)
WHERE stored.destination = done.destination AND stored.event_id = done.event_id AND stored.state = 'pending'
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


class Stored(StrEnum):
    """What storing came to. ``due``: new, and worth looking at now."""

    DUPLICATE = "duplicate"
    DUE = "due"
    LATER = "later"


async def store(tx: HotTransaction, notice: Notice, *, destination: str, body: bytes, is_wanted: bool) -> Stored:
    """Keep the raw event, once."""
    values = {name: getattr(notice, name) for name in ("event_id", "type", "object_id", "api_version")}
    state = "pending" if is_wanted else "ignored"
    row = await tx.row(_STORE, values | {"destination": destination, "payload": body, "state": state})
    if row is None:
        return Stored.DUPLICATE
    return Stored.DUE if row["is_due"] and is_wanted else Stored.LATER


async def claim(tx: HotTransaction, *, limit: int, lease_seconds: int) -> list[StoredWebhook]:
    """Take due events; another worker takes over those whose lease has run out."""
    return [StoredWebhook(**row) for row in await tx.rows(_CLAIM, (lease_seconds, limit))]


async def finish(tx: HotTransaction, ended: Iterable[tuple[StoredWebhook, str]], *, error: str | None = None) -> None:
    """Write the ends of events: ``done``, ``ignored`` or ``dead``."""
    rows = [(webhook.destination, webhook.event_id, state, error) for webhook, state in ended]
    if rows:
        await tx.execute(_FINISH, [list(column) for column in zip(*rows, strict=True)])


async def postpone(
    tx: HotTransaction, webhook: StoredWebhook, *, pause_seconds: int, error: str | None, is_try_spent: bool
) -> None:
    """Look at it again after the pause. Waiting for our own call spends no try."""
    values = (error, pause_seconds, not is_try_spent, webhook.destination, webhook.event_id)
    await tx.execute(_POSTPONE, values)
