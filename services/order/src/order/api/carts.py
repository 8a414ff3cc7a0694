"""The cart of an account or a guest."""

from typing import Annotated

from fastapi import APIRouter, Response

from chassis.db import Database
from edge.auth import Principal, allow
from order.api.cart_schemas import CartAnswer, QuantityRequest, cart_answer
from order.api.fields import CartToken, Id
from order.service import carts
from order.service.carts import Shown, Visitor

Anybody = Annotated[Principal, allow("buyer", "anonymous")]


def router(db: Database, currency: str) -> APIRouter:
    """Routes under ``/v1/cart``; a signed-in call that carries a guest's token merges that cart."""
    routes = APIRouter(prefix="/v1/cart", tags=["cart"])

    @routes.get("", response_model=CartAnswer)
    async def show(caller: Anybody, token: CartToken = None) -> Response:
        """The cart against today's prices and stock."""
        async with db.hot_transaction() as tx:
            shown = await carts.show(tx, _visitor(caller, token), currency=currency)
        return _answer(shown)

    @routes.put("/lines/{offer_id}", response_model=CartAnswer)
    async def put_line(offer_id: Id, request: QuantityRequest, caller: Anybody, token: CartToken = None) -> Response:
        """Set how many of an offer are wanted."""
        async with db.hot_transaction() as tx:
            shown = await carts.put_line(
                tx, _visitor(caller, token), offer_id=offer_id, quantity=request.quantity, currency=currency
            )
        return _answer(shown)

    @routes.delete("/lines/{offer_id}", response_model=CartAnswer)
    async def drop_line(offer_id: Id, caller: Anybody, token: CartToken = None) -> Response:
        """Take an offer out of the cart."""
        async with db.hot_transaction() as tx:
            shown = await carts.drop_line(tx, _visitor(caller, token), offer_id, currency=currency)
        return _answer(shown)

    return routes


def _visitor(caller: Principal, token: str | None) -> Visitor:
    return Visitor(account_id=None if "anonymous" in caller.roles else caller.subject, token=token)


def _answer(shown: Shown) -> Response:
    """Serialised once; FastAPI would validate the finished answer a second time."""
    return Response(cart_answer(shown).model_dump_json(), media_type="application/json")
