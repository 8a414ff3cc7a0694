"""Buying: checkouts, another card, cancellation. Answers say "accepted"; the saga decides."""

from typing import Annotated

from fastapi import APIRouter, Response

from chassis.clock import Clock
from chassis.crash import checkpoint
from chassis.db import Database
from edge import idempotency
from edge.auth import Principal, allow
from edge.idempotency import IdempotencyKey
from order.api.fields import CartToken, Id
from order.api.order_schemas import AcceptedAnswer, CheckoutRequest, PaymentRequest, accepted
from order.saga import requests, start
from order.saga.table import Patience
from order.service.carts import Visitor, merge_guest
from order.service.checkout import place_order

Buyer = Annotated[Principal, allow("buyer")]
Key = Annotated[IdempotencyKey, idempotency.required()]


def router(db: Database, currency: str, *, patience: Patience, clock: Clock) -> APIRouter:
    """Routes that begin or change a purchase."""
    routes = APIRouter(prefix="/v1", tags=["checkout"])

    @routes.post("/checkouts", status_code=202, response_model=AcceptedAnswer)
    async def check_out(request: CheckoutRequest, buyer: Buyer, key: Key, token: CartToken = None) -> Response:
        """Order everything in the cart, at the prices and quantities of ``cart_version``."""
        async with db.hot_transaction() as tx:
            if replayed := await key.replay(tx, buyer):
                return replayed
            await merge_guest(tx, Visitor(account_id=buyer.subject, token=token), currency=currency)
            order = await place_order(
                tx,
                buyer_id=buyer.subject,
                cart_version=request.cart_version,
                address=request.shipping_address.to_domain(),
                currency=currency,
                clock=clock,
            )
            saga = await start.begin(tx, order, payment_method=request.payment_method, patience=patience)
            answer = accepted(order.order_id, order.number, saga.state)
            stored = await key.store(tx, buyer, 202, answer.model_dump_json().encode())
            checkpoint("checkout.before_commit")
        checkpoint("checkout.after_commit")
        return stored

    @routes.post("/orders/{order_id}/payment", status_code=202, response_model=AcceptedAnswer)
    async def try_another_card(order_id: Id, request: PaymentRequest, buyer: Buyer, key: Key) -> Response:
        """Pay the same order with another card, after a decline and before its deadline."""
        async with db.hot_transaction() as tx:
            if replayed := await key.replay(tx, buyer):
                return replayed
            order = await requests.pay_again(
                tx,
                order_id,
                buyer_id=buyer.subject,
                payment_method=request.payment_method,
                patience=patience,
            )
            answer = accepted(order_id, order.number, order.state)
            return await key.store(tx, buyer, 202, answer.model_dump_json().encode())

    @routes.post("/orders/{order_id}/cancellation", status_code=202)
    async def cancel(order_id: Id, buyer: Buyer) -> AcceptedAnswer:
        """Cancel an order whose goods are not taken yet; asking twice is harmless."""
        async with db.hot_transaction() as tx:
            order = await requests.cancel(tx, order_id, buyer_id=buyer.subject, patience=patience)
            return accepted(order_id, order.number, order.state)

    return routes
