"""Charges: made by intents, read by everybody; a charge moves money only when it is captured."""

from standins.stripe.call import Call, Operation
from standins.stripe.cards import Card
from standins.stripe.ledger import Movement
from standins.stripe.presentation import listed, merge_metadata, present
from standins.stripe.shape import JsonObject
from standins.stripe.unit import Unit

_APPROVED: JsonObject = {
    "advice_code": None,
    "network_advice_code": None,
    "network_decline_code": None,
    "network_status": "approved_by_network",
    "reason": None,
    "risk_level": "normal",
    "risk_score": 12,
    "seller_message": "Payment complete.",
    "type": "authorized",
}


def new_charge(unit: Unit, intent: JsonObject, *, method: JsonObject, card: Card, account: str) -> JsonObject:
    """Store the charge of one attempt, not yet captured and without money."""
    charge: JsonObject = {
        "id": unit.new_id("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": _descriptor(intent),
        "captured": False,
        "created": unit.now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": None,
        "outcome": dict(_APPROVED),
        "paid": True,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": _method_details(intent, card, method=method),
        "presentment_details": None,
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": intent["shipping"],
        "source": None,
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": "succeeded",
        "transfer_data": None,
        "transfer_group": intent["transfer_group"],
        "_number": card.number,
    }
    return unit.session.add("charge", account, charge)


def mark_failed(charge: JsonObject, *, code: str, decline_code: str | None, message: str) -> None:
    """Turn a fresh charge into a declined one."""
    charge |= {"status": "failed", "paid": False, "failure_code": code, "failure_message": message}
    charge["outcome"] |= {
        "network_status": "declined_by_network",
        "reason": decline_code or code,
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }


def capture_charge(charge: JsonObject, amount: int) -> None:
    """Mark as captured; the money is posted by `post_charge`."""
    charge |= {"captured": True, "amount_captured": amount}


def post_charge(unit: Unit, charge: JsonObject, *, account: str, bypasses_pending: bool) -> None:
    """Write the balance transaction of a captured charge: fee model of the settings, pending until it settles."""
    settings = unit.settings
    amount = charge["amount_captured"]
    # Half up, as the worked order in payments.md 2.3 rounds 85.95 + 25 to 111.
    fee = (amount * settings.fee_basis_points + 5_000) // 10_000 + settings.fee_fixed
    delay = 0 if bypasses_pending else settings.settlement_seconds
    entry = unit.ledger.post(
        Movement(
            account,
            charge["currency"],
            amount,
            kind="charge",
            source=charge["id"],
            available_on=unit.now + delay,
            fee=fee,
            description=charge["description"],
        )
    )
    charge["balance_transaction"] = entry["id"]
    unit.session.touch(charge)


def retrieve(call: Call) -> JsonObject:
    """Return a charge."""
    return present(call.unit, call.require("charge", "charge", call.path["id"]))


def update(call: Call) -> JsonObject:
    """Change description, metadata, transfer group or receipt address."""
    charge = call.require("charge", "charge", call.path["id"])
    for name in ("description", "receipt_email", "transfer_group", "shipping"):
        if name in call.params:
            charge[name] = call.params[name] or None
    if "metadata" in call.params:
        merge_metadata(charge, call.params["metadata"])
    call.unit.session.touch(charge)
    call.unit.events.emit("charge.updated", charge, previous={}, account=call.account)
    return present(call.unit, charge)


def list_charges(call: Call) -> JsonObject:
    """List charges, by intent, customer or transfer group if asked."""
    filters = {name: call.text(name) for name in ("payment_intent", "customer", "transfer_group")}
    return listed(call, "charge", url="/v1/charges", filters=filters)


def _descriptor(intent: JsonObject) -> str:
    suffix = intent["statement_descriptor_suffix"]
    return f"STANDIN* {suffix}" if suffix else intent["statement_descriptor"] or "STANDIN"


def _method_details(intent: JsonObject, card: Card, *, method: JsonObject) -> JsonObject:
    shown = method["card"]
    is_manual = intent["capture_method"] == "manual"
    secured = {"result": "authenticated", "version": "2.2.0", "authentication_flow": "challenge"}
    return {
        "type": "card",
        "card": {
            "amount_authorized": intent["amount"],
            "authorization_code": None,
            "brand": shown["brand"],
            "capture_before": intent.get("_capture_before") if is_manual else None,
            "checks": shown["checks"],
            "country": shown["country"],
            "exp_month": shown["exp_month"],
            "exp_year": shown["exp_year"],
            "fingerprint": shown["fingerprint"],
            "funding": shown["funding"],
            "installments": None,
            "last4": card.last4,
            "mandate": None,
            "network": shown["brand"],
            "network_token": {"used": False},
            "network_transaction_id": None,
            "regulated_status": shown["regulated_status"],
            "three_d_secure": secured if intent.get("_authenticated") else None,
            "wallet": None,
        },
    }


OPERATIONS = (
    Operation("GET", "/v1/charges", list_charges, "charge_list"),
    Operation("GET", "/v1/charges/{id}", retrieve, "charge_retrieve"),
    Operation("POST", "/v1/charges/{id}", update, "charge_update"),
)
