"""The book: everything that moved, as JSON, so that another ledger can be compared with it to the cent."""

from collections.abc import Iterable

from standins.stripe.ledger import Ledger
from standins.stripe.session import Session
from standins.stripe.shape import PLATFORM, JsonObject
from standins.stripe.unit import Unit


def book(unit: Unit, transfer_group: str | None) -> JsonObject:
    """Return charges, refunds, transfers and reversals, of one group if asked, with sums and balances."""
    session = unit.session
    filters = {} if transfer_group is None else {"transfer_group": transfer_group}
    charges = [_charge(session, row) for row in session.all("charge", PLATFORM, **filters)]
    transfers = [_transfer(row) for row in session.all("transfer", PLATFORM, **filters)]
    known = {charge["id"] for charge in charges}
    refunds = [_refund(row) for row in session.all("refund", PLATFORM) if row["charge"] in known]
    return {
        "charges": charges,
        "refunds": refunds,
        "transfers": transfers,
        "groups": _groups(charges, refunds, transfers),
        "balances": _balances(unit.ledger, session),
        "totals": totals(session),
    }


def totals(session: Session) -> JsonObject:
    """Return what all balance transactions of all accounts add up to, per currency and type."""
    session.flush()
    rows = session.connection.execute(
        "SELECT json_extract(body, '$.currency') AS currency, json_extract(body, '$.type') AS type,"
        " sum(json_extract(body, '$.amount')) AS amount, sum(json_extract(body, '$.fee')) AS fee,"
        " sum(json_extract(body, '$.net')) AS net FROM resource WHERE kind = 'balance_transaction' GROUP BY 1, 2"
    )
    found: JsonObject = {}
    for row in rows:
        sums = {"amount": row["amount"], "fee": row["fee"], "net": row["net"]}
        found.setdefault(row["currency"], {})[row["type"]] = sums
    return found


def _charge(session: Session, row: JsonObject) -> JsonObject:
    entry = session.get("balance_transaction", row["balance_transaction"] or "")
    return {
        "id": row["id"],
        "payment_intent": row["payment_intent"],
        "transfer_group": row["transfer_group"],
        "status": row["status"],
        "captured": row["captured"],
        "currency": row["currency"],
        "amount": row["amount"],
        "amount_captured": row["amount_captured"],
        "amount_refunded": row["amount_refunded"] if row["captured"] else 0,
        "fee": None if entry is None else entry["fee"],
        "metadata": row["metadata"],
    }


def _refund(row: JsonObject) -> JsonObject:
    names = ("id", "charge", "payment_intent", "amount", "currency", "status", "metadata")
    return {name: row[name] for name in names}


def _transfer(row: JsonObject) -> JsonObject:
    names = (
        "id",
        "amount",
        "amount_reversed",
        "currency",
        "destination",
        "source_transaction",
        "transfer_group",
        "metadata",
    )
    return {name: row[name] for name in names}


def _groups(charges: list[JsonObject], refunds: list[JsonObject], transfers: list[JsonObject]) -> JsonObject:
    """Sum per transfer group, in minor units; `kept` is what remains with the platform before fees."""
    group_of = {charge["id"]: charge["transfer_group"] for charge in charges}
    found: JsonObject = {}
    for charge in charges:
        _add(found, charge["transfer_group"], "charged", charge["amount_captured"])
        _add(found, charge["transfer_group"], "fees", charge["fee"] or 0)
    for refund in refunds:
        if refund["status"] != "failed":
            _add(found, group_of[refund["charge"]], "refunded", refund["amount"])
    for transfer in transfers:
        _add(found, transfer["transfer_group"], "transferred", transfer["amount"])
        _add(found, transfer["transfer_group"], "reversed", transfer["amount_reversed"])
    for sums in found.values():
        sums["kept"] = sums["charged"] - sums["refunded"] - sums["transferred"] + sums["reversed"]
    return found


def _add(found: JsonObject, group: str | None, name: str, amount: int) -> None:
    zero = {"charged": 0, "refunded": 0, "transferred": 0, "reversed": 0, "fees": 0, "kept": 0}
    found.setdefault(group or "", zero)[name] += amount


def _balances(ledger: Ledger, session: Session) -> JsonObject:
    accounts: Iterable[str] = [PLATFORM, *(row["id"] for row in session.all("account", PLATFORM))]
    return {
        account or "platform": {
            currency: {"pending": pending, "available": available}
            for currency, (pending, available) in ledger.balance(account).items()
        }
        for account in accounts
    }
