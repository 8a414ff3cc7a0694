"""Calls as the exact parameters that Stripe gets, frozen as bytes before anything is sent (payments.md 1.6–1.9)."""

from typing import Any

import orjson

from payment.domain.operation import Kind
from payment.ports import (
    Call,
    CancelIntent,
    CaptureIntent,
    ConfirmIntent,
    CreateAccount,
    CreateIntent,
    CreateRefund,
    CreateTransfer,
    HoldPayouts,
)

Json = dict[str, Any]

WITH_FEE = ["latest_charge.balance_transaction"]
ACCOUNT_PARTS = ["configuration.recipient", "requirements"]
"""Without `include` these are absent, and a healthy account looks as if it were not ready."""

MANUAL = "manual"


def freeze(call: Call) -> tuple[Kind, bytes]:
    """Return the kind and the request: the object it acts on, if any, and its parameters."""
    kind, target, params = _request(call)
    return kind, orjson.dumps({"target": target, "params": params})


def thaw(request: bytes) -> tuple[str, Json]:
    """Return target and parameters of a frozen request."""
    parts = orjson.loads(request)
    return parts["target"], parts["params"]


def transfer_group(order_id: str) -> str:
    """Charge and transfers of one order share it."""
    return f"order_{order_id}"


def _request(call: Call) -> tuple[Kind, str, Json]:
    match call:
        case CreateIntent():
            return Kind.CREATE_INTENT, "", _create_intent(call)
        case ConfirmIntent():
            params: Json = {"payment_method": call.payment_method, "return_url": call.return_url}
            return Kind.CONFIRM_INTENT, call.intent_id, params
        case CaptureIntent():
            return Kind.CAPTURE_INTENT, call.intent_id, {"amount_to_capture": call.amount, "expand": WITH_FEE}
        case CancelIntent():
            return Kind.CANCEL_INTENT, call.intent_id, {"cancellation_reason": "abandoned"}
        case CreateRefund():
            return Kind.CREATE_REFUND, "", _create_refund(call)
        case CreateTransfer():
            return Kind.CREATE_TRANSFER, "", _create_transfer(call)
        case CreateAccount():
            return Kind.CREATE_ACCOUNT, "", _create_account(call)
        case HoldPayouts():
            return Kind.HOLD_PAYOUTS, call.account_id, {"payments": {"payouts": {"schedule": {"interval": MANUAL}}}}


def _create_intent(call: CreateIntent) -> Json:
    """Unconfirmed: it moves no money, so its id is stored before anything can happen."""
    return {
        "amount": call.amount,
        "currency": call.currency.lower(),
        "automatic_payment_methods": {"enabled": True},
        "capture_method": "manual",
        "transfer_group": transfer_group(call.order_id),
        "metadata": {"order_id": call.order_id},
    }


def _create_refund(call: CreateRefund) -> Json:
    """No `reverse_transfer`, no `refund_application_fee`: those belong to destination charges."""
    return {
        "payment_intent": call.intent_id,
        "amount": call.amount,
        "reason": "requested_by_customer",
        "metadata": {"order_id": call.order_id},
        "expand": ["balance_transaction"],
    }


def _create_transfer(call: CreateTransfer) -> Json:
    return {
        "amount": call.amount,
        "currency": call.currency.lower(),
        "destination": call.account_id,
        "source_transaction": call.charge_id,
        "transfer_group": transfer_group(call.order_id),
        "description": f"Seller order {call.seller_order_id}",
        "metadata": {"seller_order_id": call.seller_order_id, "order_id": call.order_id},
        "expand": ["balance_transaction"],
    }


def _create_account(call: CreateAccount) -> Json:
    """Recipient configuration only, Express dashboard, the platform collects fees and bears losses (payments.md D2)."""
    transfers = {"stripe_balance": {"stripe_transfers": {"requested": True}}}
    return {
        "contact_email": call.contact_email,
        "display_name": call.name,
        "dashboard": "express",
        "identity": {"country": call.country},
        "defaults": {
            "currency": call.currency.lower(),
            "responsibilities": {"fees_collector": "application", "losses_collector": "application"},
        },
        "configuration": {"recipient": {"capabilities": transfers}},
        "metadata": {"seller_id": call.seller_id},
        "include": ACCOUNT_PARTS,
    }
