"""Transfers to connected accounts, from a charge or from the available balance.

Source: `payments.md` 1.8 and 5.2.3. With `source_transaction` the sum of all transfers of a charge stays within the
charge and becomes available when the charge does; without it the money must be available.
"""

from standins.stripe.call import Call, Operation
from standins.stripe.errors import StripeError, invalid_request, resource_missing
from standins.stripe.ledger import Movement
from standins.stripe.presentation import listed, merge_metadata, new_metadata, present
from standins.stripe.shape import JsonObject
from standins.stripe.unit import Unit


def create(call: Call) -> JsonObject:
    """Move money from the platform to a connected account."""
    if not call.is_platform:
        raise invalid_request("Transfers can only be made by the platform account.")
    amount, currency = _amount(call), call.params["currency"].lower()
    destination = _destination(call)
    charge = _source(call, amount, currency)
    available_on = call.unit.now if charge is None else _available_on(call.unit, charge)
    if charge is None:
        _require_available(call.unit, amount, currency)
    transfer = _new_transfer(call, amount, destination=destination["id"], charge=charge)
    call.unit.session.add("transfer", call.account, transfer)
    _move(call.unit, transfer, available_on=available_on)
    call.unit.events.emit("transfer.created", transfer)
    return present(call.unit, transfer)


def retrieve(call: Call) -> JsonObject:
    """Return a transfer."""
    return present(call.unit, call.require("transfer", "transfer", call.path["id"]))


def update(call: Call) -> JsonObject:
    """Change description and metadata."""
    transfer = call.require("transfer", "transfer", call.path["id"])
    if "description" in call.params:
        transfer["description"] = call.params["description"] or None
    if "metadata" in call.params:
        merge_metadata(transfer, call.params["metadata"])
    call.unit.session.touch(transfer)
    call.unit.events.emit("transfer.updated", transfer, previous={})
    return present(call.unit, transfer)


def list_transfers(call: Call) -> JsonObject:
    """List transfers, by group or destination if asked."""
    filters = {name: call.text(name) for name in ("transfer_group", "destination")}
    return listed(call, "transfer", url="/v1/transfers", filters=filters)


def _amount(call: Call) -> int:
    amount = call.params.get("amount")
    if amount is None:
        raise invalid_request("Missing required param: amount.", code="parameter_missing", param="amount")
    if amount < 1:
        raise invalid_request("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    return int(amount)


def _destination(call: Call) -> JsonObject:
    identifier = call.params["destination"]
    account = call.unit.session.get("account", identifier)
    if account is None or account["_state"] == "closed":
        raise resource_missing("destination", identifier, param="destination")
    if account["_state"] not in ("active", "transfers_only"):
        raise invalid_request(
            "Your destination account needs to have at least one of the following capabilities enabled: transfers,"
            " crypto_transfers, legacy_payments",
            code="insufficient_capabilities_for_transfer",
        )
    return account


def _source(call: Call, amount: int, currency: str) -> JsonObject | None:
    identifier = call.text("source_transaction")
    if identifier is None:
        return None
    charge = call.require("charge", "charge", identifier, param="source_transaction")
    if charge["status"] != "succeeded" or not charge["captured"]:
        raise _bad_source("The source_transaction must be a captured, successful charge.")
    if charge["currency"] != currency:
        raise _bad_source(
            f"The currency of source_transaction's balance transaction ({charge['currency']}) must be the same as the"
            f" transfer currency ({currency})"
        )
    _require_left(call.unit, charge, amount)
    return charge


def _require_left(unit: Unit, charge: JsonObject, amount: int) -> None:
    earlier = unit.session.all("transfer", unit.session.account_of(charge["id"]), source_transaction=charge["id"])
    used = sum(transfer["amount"] - transfer["amount_reversed"] for transfer in earlier)
    if used + amount > charge["amount_captured"]:
        raise invalid_request(
            "Transfers using this transaction as a source must not exceed the source amount of"
            f" {charge['amount_captured']}. (There are already transfers using this source, amounting to {used}.)",
            param="amount",
        )


def _require_available(unit: Unit, amount: int, currency: str) -> None:
    _, available = unit.ledger.balance("").get(currency, (0, 0))
    if available < amount:
        raise invalid_request(
            "You have insufficient available funds in your Stripe account. Try adding funds directly to your available"
            " balance by creating Charges using the 4000000000000077 test card.",
            code="balance_insufficient",
        )


def _available_on(unit: Unit, charge: JsonObject) -> int:
    entry = unit.session.get("balance_transaction", charge["balance_transaction"] or "")
    settles = charge["created"] + unit.settings.settlement_seconds if entry is None else entry["available_on"]
    return max(unit.now, int(settles))


def _bad_source(message: str) -> StripeError:
    return invalid_request(message, param="source_transaction")


def _new_transfer(call: Call, amount: int, *, destination: str, charge: JsonObject | None) -> JsonObject:
    identifier = call.unit.new_id("tr")
    return {
        "id": identifier,
        "object": "transfer",
        "amount": amount,
        "amount_reversed": 0,
        "balance_transaction": None,
        "created": call.unit.now,
        "currency": call.params["currency"].lower(),
        "description": call.text("description"),
        "destination": destination,
        "destination_payment": None,
        "livemode": False,
        "metadata": new_metadata(call),
        "reversals": {"object": "list", "data": [], "has_more": False, "url": f"/v1/transfers/{identifier}/reversals"},
        "reversed": False,
        "source_transaction": None if charge is None else charge["id"],
        "source_type": call.params.get("source_type", "card"),
        "transfer_group": call.text("transfer_group") or (None if charge is None else _group(call.unit, charge)),
    }


def _group(unit: Unit, charge: JsonObject) -> str:
    """Return the charge's group; Stripe gives one to a charge that has none when it is transferred from."""
    if charge["transfer_group"] is None:
        charge["transfer_group"] = f"group_{charge['payment_intent'] or charge['id']}"
        unit.session.touch(charge)
    return str(charge["transfer_group"])


def _move(unit: Unit, transfer: JsonObject, *, available_on: int) -> None:
    """Take from the platform and give to the destination, as one pair of entries."""
    amount, currency = transfer["amount"], transfer["currency"]
    out = unit.ledger.post(
        Movement("", currency, -amount, kind="transfer", source=transfer["id"], available_on=available_on)
    )
    payment = _destination_payment(unit, transfer)
    entry = unit.ledger.post(
        Movement(
            transfer["destination"],
            currency,
            amount,
            kind="payment",
            source=payment["id"],
            available_on=available_on,
        )
    )
    payment["balance_transaction"] = entry["id"]
    transfer |= {"balance_transaction": out["id"], "destination_payment": payment["id"]}


def _destination_payment(unit: Unit, transfer: JsonObject) -> JsonObject:
    amount = transfer["amount"]
    payment: JsonObject = {
        "id": unit.new_id("py"),
        "object": "charge",
        "amount": amount,
        "amount_captured": amount,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": {"address": None, "email": None, "name": None, "phone": None, "tax_id": None},
        "calculated_statement_descriptor": None,
        "captured": True,
        "created": unit.now,
        "currency": transfer["currency"],
        "customer": None,
        "description": None,
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": {},
        "on_behalf_of": None,
        "outcome": None,
        "paid": True,
        "payment_intent": None,
        "payment_method": None,
        "payment_method_details": {"type": "stripe_account", "stripe_account": {}},
        "presentment_details": None,
        "receipt_email": None,
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": transfer["id"],
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "succeeded",
        "transfer_data": None,
        "transfer_group": transfer["transfer_group"],
    }
    return unit.session.add("charge", transfer["destination"], payment)


OPERATIONS = (
    Operation("POST", "/v1/transfers", create, "transfer_create"),
    Operation("GET", "/v1/transfers", list_transfers, "transfer_list"),
    Operation("GET", "/v1/transfers/{id}", retrieve, "transfer_retrieve"),
    Operation("POST", "/v1/transfers/{id}", update, "transfer_update"),
)
