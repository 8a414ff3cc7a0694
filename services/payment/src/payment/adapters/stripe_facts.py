"""Stripe's objects as our facts."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from payment.domain.facts import (
    Intent,
    IntentStatus,
    Movement,
    PayoutAccount,
    PayoutSchedule,
    PayoutStatus,
    Refund,
    RefundStatus,
    Transfer,
)

Json = Mapping[str, Any]


def intent(body: Json) -> Intent:
    """Map a PaymentIntent; ``latest_charge`` may be an id or the expanded charge."""
    charge = body.get("latest_charge")
    expanded = charge if isinstance(charge, Mapping) else {}
    action, failed = body.get("next_action") or {}, body.get("last_payment_error") or {}
    return Intent(
        intent_id=body["id"],
        status=IntentStatus(body["status"]),
        order_id=_metadata(body, "order_id"),
        amount=body["amount"],
        charge_id=expanded.get("id") or (charge if isinstance(charge, str) else None),
        redirect_url=(action.get("redirect_to_url") or {}).get("url"),
        decline_reason=failed.get("decline_code") or failed.get("code"),
        movement=movement(expanded.get("balance_transaction")),
    )


def movement(body: Any) -> Movement | None:
    """Map an expanded balance transaction; None while Stripe has none, or when it is only named."""
    if not isinstance(body, Mapping):
        return None
    return Movement(
        movement_id=body["id"],
        currency=body["currency"].upper(),
        fee=body["fee"],
        net=body["net"],
        available_at=datetime.fromtimestamp(body["available_on"], UTC),
        is_available=body["status"] == "available",
    )


def transfer(body: Json) -> Transfer:
    return Transfer(
        body["id"], _metadata(body, "seller_order_id"), body["amount"], movement(body.get("balance_transaction"))
    )


def refund(body: Json) -> Refund:
    """Map a refund; one that needs the buyer's action or was cancelled counts as pending or failed."""
    status = {"succeeded": RefundStatus.SUCCEEDED, "failed": RefundStatus.FAILED, "canceled": RefundStatus.FAILED}
    return Refund(
        refund_id=body["id"],
        status=status.get(body["status"], RefundStatus.PENDING),
        order_id=_metadata(body, "order_id"),
        amount=body["amount"],
        movement=movement(body.get("balance_transaction")),
    )


def account(body: Json) -> PayoutAccount:
    """Map a v2 account that was read with its recipient configuration."""
    return PayoutAccount(body["id"], _metadata(body, "seller_id"), _payout_status(body))


def payout_schedule(body: Json, account_id: str) -> PayoutSchedule:
    """Map the balance settings of an account."""
    payouts = (body.get("payments") or {}).get("payouts") or {}
    return PayoutSchedule(account_id, str((payouts.get("schedule") or {}).get("interval") or ""))


def _payout_status(body: Json) -> PayoutStatus:
    if body.get("closed"):
        return PayoutStatus.CLOSED
    recipient = (body.get("configuration") or {}).get("recipient") or {}
    balance = (recipient.get("capabilities") or {}).get("stripe_balance") or {}
    transfers = (balance.get("stripe_transfers") or {}).get("status")
    if transfers == "active":
        pays_out = (balance.get("payouts") or {}).get("status") == "active"
        return PayoutStatus.ACTIVE if pays_out else PayoutStatus.TRANSFERS_ONLY
    return {
        "pending": PayoutStatus.PENDING,
        "unsupported": PayoutStatus.REJECTED,
        "rejected": PayoutStatus.REJECTED,
    }.get(transfers or "", PayoutStatus.ONBOARDING)


def _metadata(body: Json, name: str) -> str | None:
    value = (body.get("metadata") or {}).get(name)
    return str(value) if value else None
