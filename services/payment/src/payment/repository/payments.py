"""Rows of ``payments``: locked and loaded together, changed in memory, written together."""

from collections.abc import Iterable, Mapping
from typing import Any

from chassis.db import HotTransaction
from payment.domain.payment import Payment, State

_FIELDS = (
    "order_id, payment_id, buyer_id, currency, amount, state, attempt, payment_method, tried_attempt, told_attempt,"
    " intent_id, charge_id, redirect_url, decline_reason, fee, is_capture_asked, is_cancel_asked, is_refund_pending, has_open_operation, sequence"
)
_LOCK = f"SELECT {_FIELDS} FROM payments WHERE order_id = ANY(%s) ORDER BY order_id FOR UPDATE"  # noqa: S608
_READ = f"SELECT {_FIELDS} FROM payments WHERE order_id = %s"  # noqa: S608
_SAVE = """
INSERT INTO payments (order_id, payment_id, buyer_id, currency, amount, state, attempt, payment_method, tried_attempt,
                      told_attempt, intent_id, charge_id, redirect_url, decline_reason, fee, is_capture_asked,
                      is_cancel_asked, is_refund_pending, has_open_operation, sequence)
SELECT * FROM unnest(%(order_id)s::text[], %(payment_id)s::text[], %(buyer_id)s::text[], %(currency)s::text[],
                     %(amount)s::bigint[], %(state)s::text[], %(attempt)s::int[], %(payment_method)s::text[],
                     %(tried_attempt)s::int[], %(told_attempt)s::int[], %(intent_id)s::text[], %(charge_id)s::text[],
                     %(redirect_url)s::text[], %(decline_reason)s::text[], %(fee)s::bigint[],
                     %(is_capture_asked)s::boolean[], %(is_cancel_asked)s::boolean[],
                     %(is_refund_pending)s::boolean[], %(has_open_operation)s::boolean[], %(sequence)s::bigint[])
ON CONFLICT (order_id) DO UPDATE SET
    buyer_id = excluded.buyer_id, currency = excluded.currency, amount = excluded.amount, state = excluded.state,
    attempt = excluded.attempt, payment_method = excluded.payment_method, tried_attempt = excluded.tried_attempt,
    told_attempt = excluded.told_attempt, intent_id = excluded.intent_id, charge_id = excluded.charge_id,
    redirect_url = excluded.redirect_url, decline_reason = excluded.decline_reason, fee = excluded.fee,
    is_capture_asked = excluded.is_capture_asked, is_cancel_asked = excluded.is_cancel_asked,
    is_refund_pending = excluded.is_refund_pending, has_open_operation = excluded.has_open_operation,
    sequence = excluded.sequence, updated_at = clock_timestamp()
"""
_BY_INTENT = "SELECT order_id FROM payments WHERE intent_id = %s"
_BY_INTENTS = f"SELECT {_FIELDS} FROM payments WHERE intent_id = ANY(%s)"  # noqa: S608
_FEE_UNKNOWN = """
SELECT intent_id FROM payments
WHERE state = 'paid' AND fee IS NULL AND updated_at < statement_timestamp() - make_interval(secs => %s)
ORDER BY updated_at LIMIT 20
"""


async def lock_payments(tx: HotTransaction, order_ids: Iterable[str]) -> dict[str, Payment]:
    """Lock the payments of these orders, in one order for everybody; those that do not exist are left out."""
    return {row["order_id"]: _payment(row) for row in await tx.rows(_LOCK, (sorted(set(order_ids)),))}


async def read_payment(tx: HotTransaction, order_id: str) -> Payment | None:
    """Load without locking, to show it."""
    row = await tx.row(_READ, (order_id,))
    return _payment(row) if row else None


async def save_payments(tx: HotTransaction, payments: Iterable[Payment]) -> None:
    """Write payments that this transaction locked or made."""
    rows = list(payments)
    if not rows:
        return
    names = [name.strip() for name in _FIELDS.split(",")]
    await tx.execute(_SAVE, {name: [getattr(payment, name) for payment in rows] for name in names})


async def order_of_intent(tx: HotTransaction, intent_id: str) -> str | None:
    """Return the order that the provider's intent pays, if it is one of ours."""
    row = await tx.row(_BY_INTENT, (intent_id,))
    return row["order_id"] if row else None


async def payments_of_intents(tx: HotTransaction, intent_ids: Iterable[str]) -> dict[str, Payment]:
    """Load the payments behind the provider's intents, without locking, by intent."""
    rows = await tx.rows(_BY_INTENTS, (list(intent_ids),))
    return {row["intent_id"]: _payment(row) for row in rows}


async def intents_without_fee(tx: HotTransaction, *, older_than_seconds: int) -> list[str]:
    """Return intents that were captured a while ago and whose fee nobody told us."""
    return [row["intent_id"] for row in await tx.rows(_FEE_UNKNOWN, (older_than_seconds,))]


def _payment(row: Mapping[str, Any]) -> Payment:
    return Payment(**{**row, "state": State(row["state"])})
