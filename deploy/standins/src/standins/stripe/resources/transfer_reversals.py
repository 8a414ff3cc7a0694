"""Reversals: money comes back from a connected account, up to what the transfer still holds and the account covers."""

from standins.stripe.call import Call, Operation
from standins.stripe.errors import invalid_request
from standins.stripe.ledger import Movement
from standins.stripe.presentation import listed, new_metadata, present
from standins.stripe.shape import JsonObject
from standins.stripe.unit import Unit


def create(call: Call) -> JsonObject:
    """Reverse a transfer in whole or in part."""
    transfer = call.require("transfer", "transfer", call.path["id"])
    amount = _amount(call, transfer)
    _require_covered(call.unit, transfer, amount)
    reversal = _new_reversal(call, transfer, amount)
    call.unit.session.add("transfer_reversal", call.account, reversal)
    _move(call.unit, transfer, reversal)
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    transfer["reversals"]["data"] = [dict(reversal), *transfer["reversals"]["data"]][:10]
    transfer["reversals"]["has_more"] = transfer["reversals"]["has_more"] or len(transfer["reversals"]["data"]) == 10
    call.unit.session.touch(transfer)
    call.unit.events.emit("transfer.reversed", transfer)
    return present(call.unit, reversal)


def retrieve(call: Call) -> JsonObject:
    """Return one reversal of a transfer."""
    return present(call.unit, call.require("transfer_reversal", "transfer reversal", call.path["reversal"]))


def list_reversals(call: Call) -> JsonObject:
    """List the reversals of a transfer."""
    transfer = call.require("transfer", "transfer", call.path["id"])
    url = f"/v1/transfers/{transfer['id']}/reversals"
    return listed(call, "transfer_reversal", url=url, filters={"transfer": transfer["id"]})


def _amount(call: Call, transfer: JsonObject) -> int:
    left = int(transfer["amount"] - transfer["amount_reversed"])
    amount = int(call.params.get("amount") or left)
    if left == 0:
        raise invalid_request(f"Transfer {transfer['id']} is already fully reversed.")
    if not 1 <= amount <= left:
        raise invalid_request(
            f"Reversal amount ({amount}) is greater than unreversed amount on transfer ({left})", param="amount"
        )
    return amount


def _require_covered(unit: Unit, transfer: JsonObject, amount: int) -> None:
    pending, available = unit.ledger.balance(transfer["destination"]).get(transfer["currency"], (0, 0))
    if pending + available < amount:
        raise invalid_request(
            f"Reversing {amount} would leave the connected account with a negative balance, which this stand-in does not"
            " allow (no connected reserves).",
            code="balance_insufficient",
        )


def _new_reversal(call: Call, transfer: JsonObject, amount: int) -> JsonObject:
    return {
        "id": call.unit.new_id("trr"),
        "object": "transfer_reversal",
        "amount": amount,
        "balance_transaction": None,
        "created": call.unit.now,
        "currency": transfer["currency"],
        "destination_payment_refund": None,
        "metadata": new_metadata(call),
        "source_refund": None,
        "transfer": transfer["id"],
    }


def _move(unit: Unit, transfer: JsonObject, reversal: JsonObject) -> None:
    amount, currency = reversal["amount"], transfer["currency"]
    entry = unit.session.get("balance_transaction", transfer["balance_transaction"])
    available_on = max(unit.now, entry["available_on"] if entry else unit.now)
    back = unit.ledger.post(
        Movement("", currency, amount, kind="transfer_refund", source=reversal["id"], available_on=available_on)
    )
    refund_id = unit.new_id("pyr")
    taken = unit.ledger.post(
        Movement(
            transfer["destination"],
            currency,
            -amount,
            kind="payment_refund",
            source=refund_id,
            available_on=available_on,
        )
    )
    _return_payment(unit, transfer, refund_id, amount=amount, entry=taken["id"])
    reversal |= {"balance_transaction": back["id"], "destination_payment_refund": refund_id}


def _return_payment(unit: Unit, transfer: JsonObject, refund_id: str, *, amount: int, entry: str) -> None:
    payment = unit.session.get("charge", transfer["destination_payment"])
    if payment is None:
        raise LookupError(f"transfer {transfer['id']} has lost its payment")
    payment["amount_refunded"] += amount
    payment["refunded"] = payment["amount_refunded"] == payment["amount"]
    unit.session.touch(payment)
    unit.session.add(
        "refund",
        transfer["destination"],
        {
            "id": refund_id,
            "object": "refund",
            "amount": amount,
            "balance_transaction": entry,
            "charge": payment["id"],
            "created": unit.now,
            "currency": payment["currency"],
            "metadata": {},
            "payment_intent": None,
            "reason": None,
            "receipt_number": None,
            "source_transfer_reversal": None,
            "status": "succeeded",
            "transfer_reversal": None,
        },
    )


OPERATIONS = (
    Operation("POST", "/v1/transfers/{id}/reversals", create, "transfer_reversal_create"),
    Operation("GET", "/v1/transfers/{id}/reversals", list_reversals, "transfer_reversal_list"),
    Operation("GET", "/v1/transfers/{id}/reversals/{reversal}", retrieve, "transfer_reversal_retrieve"),
)
