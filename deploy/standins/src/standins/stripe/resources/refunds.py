"""Refunds: up to what is left of a charge; asynchronous for the cards that say so and while money is missing."""

from standins.stripe.call import Call, Operation
from standins.stripe.cards import BY_NUMBER, RefundOutcome
from standins.stripe.errors import StripeError, invalid_request, not_built
from standins.stripe.ledger import Movement
from standins.stripe.presentation import listed, merge_metadata, new_metadata, present
from standins.stripe.shape import JsonObject
from standins.stripe.unit import Unit


def create(call: Call) -> JsonObject:
    """Refund a captured charge in whole or in part."""
    if call.params.get("reverse_transfer") or call.params.get("refund_application_fee"):
        raise not_built("reverse_transfer and refund_application_fee (they belong to destination charges)")
    charge = _charge(call)
    amount = _amount(call, charge)
    refund = _new_refund(call, charge, amount)
    call.unit.session.add("refund", call.account, refund)
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    call.unit.session.touch(charge)
    _begin(call.unit, refund, charge, account=call.account)
    call.unit.events.emit("refund.created", refund, account=call.account)
    call.unit.events.emit("charge.refunded", charge, previous={}, account=call.account)
    return present(call.unit, refund)


def retrieve(call: Call) -> JsonObject:
    """Return a refund."""
    return present(call.unit, call.require("refund", "refund", call.path["id"]))


def update(call: Call) -> JsonObject:
    """Change the metadata of a refund."""
    refund = call.require("refund", "refund", call.path["id"])
    if "metadata" in call.params:
        merge_metadata(refund, call.params["metadata"])
    call.unit.session.touch(refund)
    call.unit.events.emit("refund.updated", refund, previous={}, account=call.account)
    return present(call.unit, refund)


def list_refunds(call: Call) -> JsonObject:
    """List refunds, by charge or intent if asked."""
    filters = {name: call.text(name) for name in ("charge", "payment_intent")}
    return listed(call, "refund", url="/v1/refunds", filters=filters)


def settle_refund(unit: Unit, refund: JsonObject, *, account: str) -> None:
    """Bring a pending refund to its end when the clock says so."""
    if refund["status"] != "pending":
        return
    if refund["pending_reason"] == "insufficient_funds":
        _pay_when_possible(unit, refund, account=account)
    else:
        refund |= {"status": "succeeded", "pending_reason": None}
        unit.session.touch(refund)
        unit.events.emit("refund.updated", refund, previous={"status": "pending"}, account=account)


def fail_refund(unit: Unit, refund: JsonObject, *, account: str) -> None:
    """Let the card's bank send a refund back: the money returns to the account."""
    charge = unit.session.get("charge", refund["charge"])
    if charge is None or refund["status"] == "failed":
        return
    entry = _post(unit, refund, refund["amount"], kind="refund_failure", account=account)
    refund |= {
        "status": "failed",
        "failure_reason": "expired_or_canceled_card",
        "failure_balance_transaction": entry["id"],
    }
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    unit.session.touch(refund)
    unit.session.touch(charge)
    unit.events.emit("refund.failed", refund, account=account)


def _charge(call: Call) -> JsonObject:
    charge = _named_charge(call)
    if charge["status"] != "succeeded":
        raise invalid_request(f"Charge {charge['id']} was not successful and cannot be refunded.")
    if not charge["captured"]:
        raise invalid_request(
            f"Charge {charge['id']} has not been captured: cancel its PaymentIntent instead of refunding it."
        )
    if charge["refunded"]:
        message = f"Charge {charge['id']} has already been refunded."
        raise invalid_request(message, code="charge_already_refunded")
    return charge


def _named_charge(call: Call) -> JsonObject:
    if identifier := call.text("charge"):
        return call.require("charge", "charge", identifier, param="charge")
    identifier = call.text("payment_intent")
    if identifier is None:
        raise invalid_request(
            "One of the following params should be provided for this request: payment_intent or charge."
        )
    intent = call.require("payment_intent", "payment_intent", identifier, param="payment_intent")
    if intent["latest_charge"] is None:
        raise invalid_request(f"This PaymentIntent ({identifier}) does not have a successful charge to refund.")
    return call.require("charge", "charge", intent["latest_charge"], param="charge")


def _amount(call: Call, charge: JsonObject) -> int:
    remaining = int(charge["amount_captured"] - charge["amount_refunded"])
    amount = int(call.params.get("amount", remaining))
    if amount < 1:
        raise _bad_amount("Invalid positive integer", "parameter_invalid_integer")
    if amount > remaining:
        raise _bad_amount(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({remaining})", "amount_too_large"
        )
    return amount


def _bad_amount(message: str, code: str) -> StripeError:
    return invalid_request(message, code=code, param="amount")


def _new_refund(call: Call, charge: JsonObject, amount: int) -> JsonObject:
    return {
        "id": call.unit.new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": call.unit.now,
        "currency": charge["currency"],
        "customer": charge["customer"],
        "destination_details": {
            "card": {"type": "refund", "reference_type": "acquirer_reference_number"},
            "type": "card",
        },
        "metadata": new_metadata(call),
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "pending_reason": None,
        "reason": call.text("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def _begin(unit: Unit, refund: JsonObject, charge: JsonObject, *, account: str) -> None:
    if not _covers(unit, refund, account=account):
        refund |= {"status": "pending", "pending_reason": "insufficient_funds"}
        unit.plan("settle_refund", refund["id"], after=3_600)
        return
    _withdraw(unit, refund, account=account)
    outcome = BY_NUMBER[charge["_number"]].refund
    if outcome == RefundOutcome.PENDING:
        refund |= {"status": "pending", "pending_reason": "processing"}
        unit.plan("settle_refund", refund["id"], after=unit.settings.async_seconds)
    if outcome == RefundOutcome.FAILS:
        unit.plan("fail_refund", refund["id"], after=unit.settings.async_seconds)


def _covers(unit: Unit, refund: JsonObject, *, account: str) -> bool:
    pending, available = unit.ledger.balance(account).get(refund["currency"], (0, 0))
    return bool(pending + available >= refund["amount"])


def _pay_when_possible(unit: Unit, refund: JsonObject, *, account: str) -> None:
    if not _covers(unit, refund, account=account):
        unit.plan("settle_refund", refund["id"], after=3_600)
        return
    _withdraw(unit, refund, account=account)
    refund |= {"status": "succeeded", "pending_reason": None}
    unit.events.emit("refund.updated", refund, previous={"status": "pending"}, account=account)


def _withdraw(unit: Unit, refund: JsonObject, *, account: str) -> None:
    entry = _post(unit, refund, -refund["amount"], kind="refund", account=account)
    refund["balance_transaction"] = entry["id"]
    unit.session.touch(refund)


def _post(unit: Unit, refund: JsonObject, amount: int, *, kind: str, account: str) -> JsonObject:
    movement = Movement(
        account, refund["currency"], amount, kind=kind, source=refund["id"], available_on=unit.now, description=None
    )
    return unit.ledger.post(movement)


OPERATIONS = (
    Operation("POST", "/v1/refunds", create, "refund_create"),
    Operation("GET", "/v1/refunds", list_refunds, "refund_list"),
    Operation("GET", "/v1/refunds/{id}", retrieve, "refund_retrieve"),
    Operation("POST", "/v1/refunds/{id}", update, "refund_update"),
)
