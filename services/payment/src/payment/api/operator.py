"""The operator's view of the money."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter

from chassis.db import Database, after_commit
from edge.auth import Principal, allow
from edge.errors import NotFound
from payment.api.schemas import Balances, OrderMoney, SettlementView
from payment.api.views import balances_view, order_money, settlement_view
from payment.repository import ledger, operations, payments, settlements
from payment.service.settling import release_early

Operator = Annotated[Principal, allow("admin")]
Staff = Annotated[Principal, allow("support", "admin")]


def router(db: Database, *, wake_settlements: Callable[[], None]) -> APIRouter:
    """Build the routes."""
    routes = APIRouter(tags=["operator"])

    @routes.get("/v1/operator/orders/{order_id}/money")
    async def read_order_money(order_id: str, _: Staff) -> OrderMoney:
        """Charge, split, transfers, ledger and calls of one order."""
        async with db.reading() as tx:
            payment = await payments.read_payment(tx, order_id)
            if payment is None:
                raise NotFound("There is no such payment.")
            shares = await settlements.settlements_of_order(tx, order_id)
            entries = await ledger.transactions_of_order(tx, order_id)
            subjects = [order_id, *(share.seller_order_id for share in shares)]
            calls = await operations.of_subjects(tx, subjects)
        return order_money(payment, shares, entries=entries, operations=calls)

    @routes.post("/v1/operator/settlements/{seller_order_id}/release")
    async def release_settlement(seller_order_id: str, principal: Operator) -> SettlementView:
        """Skip the rest of the hold of a delivered seller order."""
        async with db.hot_transaction() as tx:
            settlement = await release_early(tx, seller_order_id, operator=principal.subject)
            if settlement is None:
                raise NotFound("There is no such settlement.")
            after_commit(tx, wake_settlements)
        return settlement_view(settlement)

    @routes.get("/v1/operator/ledger/balances")
    async def read_balances(_: Staff) -> Balances:
        """Every account of the ledger."""
        async with db.reading() as tx:
            return balances_view(await ledger.balances(tx))

    return routes
