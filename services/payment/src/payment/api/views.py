"""Rows as answers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from contracts.values import Money
from payment.api.schemas import (
    Balances,
    BalanceView,
    ChargeView,
    LedgerEntryView,
    LedgerTransactionView,
    NextAction,
    OperationView,
    OrderMoney,
    PaymentView,
    SettlementView,
)
from payment.domain.payment import Payment
from payment.domain.settlement import Settlement

Row = Mapping[str, Any]


def payment_view(payment: Payment) -> PaymentView:
    """Show a payment to its buyer."""
    return PaymentView(
        order_id=payment.order_id,
        status=payment.state,
        attempt=payment.attempt,
        next_action=NextAction(redirect_url=payment.redirect_url) if payment.redirect_url else None,
        decline_reason=payment.decline_reason,
        amount=payment.money,
    )


def settlement_view(settlement: Settlement) -> SettlementView:
    """Show a seller order's money."""
    part, currency = settlement.split, settlement.currency
    return SettlementView(
        seller_order_id=settlement.seller_order_id,
        order_id=settlement.order_id,
        seller_id=settlement.seller_id,
        gross=Money(amount=part.gross, currency=currency),
        commission=Money(amount=part.commission + part.commission_vat, currency=currency),
        net=Money(amount=part.net, currency=currency),
        status=settlement.state,
        delivered_at=settlement.delivered_at,
        due_at=settlement.due_at,
        blocked_reason=settlement.blocked_reason,
        transfer_id=settlement.transfer_id,
    )


def order_money(
    payment: Payment, settlements: Sequence[Settlement], *, entries: Sequence[Row], operations: Sequence[Row]
) -> OrderMoney:
    """Show everything that moved for an order."""
    commission = sum(s.split.commission + s.split.commission_vat for s in settlements)
    return OrderMoney(
        order_id=payment.order_id,
        charge=_charge(payment),
        commission=Money(amount=commission, currency=payment.currency),
        settlements=[settlement_view(settlement) for settlement in settlements],
        ledger=_transactions(entries),
        operations=[_operation(row) for row in operations],
        balanced=_is_balanced((row["currency"], row["side"], row["amount"]) for row in entries),
    )


def balances_view(rows: Sequence[Row]) -> Balances:
    """Show every account of the ledger."""
    sides = [(row["currency"], side, row[f"{side}s"]) for row in rows for side in ("debit", "credit")]
    return Balances(items=[_balance(row) for row in rows], balanced=_is_balanced(sides))


def _charge(payment: Payment) -> ChargeView:
    fee = None if payment.fee is None else Money(amount=payment.fee, currency=payment.currency)
    return ChargeView(
        payment_id=payment.payment_id,
        status=payment.state,
        intent_id=payment.intent_id,
        charge_id=payment.charge_id,
        amount=payment.money,
        fee=fee,
    )


def _transactions(entries: Sequence[Row]) -> list[LedgerTransactionView]:
    found: dict[str, LedgerTransactionView] = {}
    for row in entries:
        if row["transaction_id"] not in found:
            found[row["transaction_id"]] = LedgerTransactionView(**{**row, "entries": []})
        amount = Money(amount=row["amount"], currency=row["currency"])
        entry = LedgerEntryView(account=row["path"], side=row["side"], amount=amount)
        found[row["transaction_id"]].entries.append(entry)
    return list(found.values())


def _operation(row: Row) -> OperationView:
    return OperationView(**{**row, "idempotency_key": f"{row['business_key']}:{row['attempt']}"})


def _balance(row: Row) -> BalanceView:
    difference = row["debits"] - row["credits"]
    return BalanceView(
        account=row["path"],
        currency=row["currency"],
        normal_side=row["normal_side"],
        debits=row["debits"],
        credits=row["credits"],
        balance=difference if row["normal_side"] == "debit" else -difference,
    )


def _is_balanced(sides: Iterable[tuple[str, str, int]]) -> bool:
    sums: dict[str, int] = {}
    for currency, side, amount in sides:
        sums[currency] = sums.get(currency, 0) + (amount if side == "debit" else -amount)
    return all(difference == 0 for difference in sums.values())
