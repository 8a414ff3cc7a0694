"""Reading orders: buyers their own, operators all."""

from typing import Annotated

from fastapi import APIRouter

from chassis.db import Database
from edge import cursor
from edge.auth import Principal, allow
from edge.errors import NotFound
from order.api.fields import Cursor, Id, Limit
from order.api.order_schemas import OrderAnswer, OrderList, order_answer, order_summary
from order.repository import reading

Buyer = Annotated[Principal, allow("buyer")]
Reader = Annotated[Principal, allow("buyer", "support", "admin")]
Operator = Annotated[Principal, allow("support", "admin")]
_OPERATORS = {"support", "admin"}


def router(db: Database) -> APIRouter:
    """Routes under ``/v1/orders`` and ``/v1/operator/orders``."""
    routes = APIRouter(prefix="/v1", tags=["orders"])

    @routes.get("/orders")
    async def list_mine(buyer: Buyer, after: Cursor = None, limit: Limit = 20) -> OrderList:
        """The caller's orders, newest first."""
        return await _list(db, buyer.subject, after, limit=limit)

    @routes.get("/operator/orders")
    async def list_all(_: Operator, after: Cursor = None, limit: Limit = 20) -> OrderList:
        """Everybody's orders, newest first."""
        return await _list(db, None, after, limit=limit)

    @routes.get("/orders/{order_id}")
    async def read(order_id: Id, reader: Reader) -> OrderAnswer:
        """One order; somebody else's is not found, except by operators."""
        buyer_id = None if _OPERATORS & reader.roles else reader.subject
        async with db.reading() as tx:
            view = await reading.find_order(tx, order_id, buyer_id=buyer_id)
        if view is None:
            raise NotFound("You have no such order.")
        return order_answer(view)

    return routes


async def _list(db: Database, buyer_id: str | None, after: str | None, *, limit: int) -> OrderList:
    place = cursor.decode(after, parts=1)
    async with db.reading() as tx:
        heads = await reading.list_orders(tx, buyer_id=buyer_id, before=place[0] if place else None, limit=limit)
    following = cursor.encode(heads[-1].order_id) if len(heads) == limit else None
    return OrderList(items=[order_summary(head) for head in heads], next=following)
