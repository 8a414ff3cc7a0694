"""The buyer's view of a payment, and what a client needs before there is one."""

from typing import Annotated

from fastapi import APIRouter

from chassis.db import Database, HotTransaction
from edge.auth import Principal, allow, anyone
from edge.errors import NotFound
from payment.api.schemas import PaymentConfig, PaymentView
from payment.api.views import payment_view
from payment.domain.payment import OPEN, Payment
from payment.repository import payments
from payment.service.progress import Desk, lock

Caller = Annotated[Principal, allow("buyer", "support", "admin")]
Anyone = Annotated[Principal, anyone()]


def router(db: Database, desk: Desk, *, config: PaymentConfig) -> APIRouter:
    """Build the routes; ``config`` is the same for every client."""
    routes = APIRouter(tags=["payments"])

    @routes.get("/v1/payments/{order_id}")
    async def read_payment(order_id: str, principal: Caller) -> PaymentView:
        """Where the payment of an order stands."""
        async with db.reading() as tx:
            return payment_view(await _own_payment(tx, order_id, principal))

    @routes.post("/v1/payments/{order_id}/refresh")
    async def refresh_payment(order_id: str, principal: Caller) -> PaymentView:
        """The buyer is back from 3-D Secure: read the payment again at the provider, as a webhook would."""
        async with db.reading() as tx:
            payment = await _own_payment(tx, order_id, principal)
        if payment.intent_id is None or payment.state not in OPEN or payment.has_open_operation:
            return payment_view(payment)
        intent = await desk.provider.read_intent(payment.intent_id)
        async with db.hot_transaction() as tx:
            locked = await lock(tx, desk, [order_id])
            payment = locked.found[order_id]
            if not payment.has_open_operation:
                await locked.apply_intent(payment, intent)
                await locked.advance(payment)
                await locked.save()
        return payment_view(payment)

    @routes.get("/v1/payment-config")
    async def read_payment_config(_: Anyone) -> PaymentConfig:
        """Public key and script of the provider; cards of the test world outside production."""
        return config

    return routes


async def _own_payment(tx: HotTransaction, order_id: str, principal: Principal) -> Payment:
    payment = await payments.read_payment(tx, order_id)
    is_staff = bool(principal.roles & {"support", "admin"})
    if payment is None or not (is_staff or payment.buyer_id == principal.subject):
        raise NotFound("There is no such payment.")
    return payment
