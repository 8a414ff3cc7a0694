"""Balance, balance transactions and top-ups."""

from standins.stripe.call import Call, Operation
from standins.stripe.errors import invalid_request
from standins.stripe.ledger import Movement
from standins.stripe.presentation import listed, new_metadata, present
from standins.stripe.shape import PLATFORM, JsonObject
from standins.stripe.unit import Unit


def retrieve_balance(call: Call) -> JsonObject:
    """Return the account's balance: sums of its balance transactions."""
    return _balance(call.unit, call.account)


def report_available(unit: Unit, account: str) -> None:
    """Report that funds of the account have become available."""
    unit.events.emit("balance.available", _balance(unit, account), account=account)


def _balance(unit: Unit, account: str) -> JsonObject:
    sums = unit.ledger.balance(account) or {"eur": (0, 0)}
    body: JsonObject = {
        "object": "balance",
        "available": [_fund(currency, available) for currency, (_, available) in sums.items()],
        "livemode": False,
        "pending": [_fund(currency, pending) for currency, (pending, _) in sums.items()],
        "refund_and_dispute_prefunding": {
            "available": [_fund(currency, 0) for currency in sums],
            "pending": [_fund(currency, 0) for currency in sums],
        },
    }
    if account == PLATFORM:
        body["connect_reserved"] = [{"amount": 0, "currency": currency} for currency in sums]
    return body


def retrieve_transaction(call: Call) -> JsonObject:
    """Return a balance transaction."""
    return present(call.unit, call.require("balance_transaction", "balance transaction", call.path["id"]))


def list_transactions(call: Call) -> JsonObject:
    """List balance transactions, by source, type, currency or payout if asked."""
    filters = {name: call.text(name) for name in ("source", "type", "currency", "payout")}
    return listed(call, "balance_transaction", url="/v1/balance_transactions", filters=filters)


def create_topup(call: Call) -> JsonObject:
    """Add money to the platform's available balance."""
    params = call.params
    if params["amount"] < 1:
        raise invalid_request("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    topup: JsonObject = {
        "id": call.unit.new_id("tu"),
        "object": "topup",
        "amount": params["amount"],
        "balance_transaction": None,
        "created": call.unit.now,
        "currency": params["currency"].lower(),
        "description": call.text("description"),
        "expected_availability_date": call.unit.now,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": new_metadata(call),
        "source": None,
        "statement_descriptor": call.text("statement_descriptor"),
        "status": "succeeded",
        "transfer_group": call.text("transfer_group"),
    }
    call.unit.session.add("topup", call.account, topup)
    entry = call.unit.ledger.post(
        Movement(
            call.account,
            topup["currency"],
            topup["amount"],
            kind="topup",
            source=topup["id"],
            available_on=call.unit.now,
            description=topup["description"],
        )
    )
    topup["balance_transaction"] = entry["id"]
    call.unit.events.emit("topup.succeeded", topup, account=call.account)
    return topup


def retrieve_topup(call: Call) -> JsonObject:
    """Return a top-up."""
    return present(call.unit, call.require("topup", "top-up", call.path["id"]))


def list_topups(call: Call) -> JsonObject:
    """List top-ups."""
    return listed(call, "topup", url="/v1/topups")


def _fund(currency: str, amount: int) -> JsonObject:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}


OPERATIONS = (
    Operation("GET", "/v1/balance", retrieve_balance, "balance_retrieve"),
    Operation("GET", "/v1/balance_transactions", list_transactions, "balance_transaction_list"),
    Operation("GET", "/v1/balance_transactions/{id}", retrieve_transaction, "balance_transaction_retrieve"),
    Operation("POST", "/v1/topups", create_topup, "topup_create"),
    Operation("GET", "/v1/topups", list_topups, "topup_list"),
    Operation("GET", "/v1/topups/{id}", retrieve_topup, "topup_retrieve"),
)
