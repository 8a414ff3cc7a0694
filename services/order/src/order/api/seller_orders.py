"""Reading seller orders: members of a shop see what it has to ship, and nothing of other shops."""

from typing import Annotated

from fastapi import APIRouter, Query

from chassis.db import Database
from edge import cursor
from edge.auth import Principal, allow
from edge.errors import NotFound
from order.api.fields import Cursor, Id, Limit
from order.api.order_schemas import (
    Fulfilment,
    SellerOrderCounts,
    SellerOrderList,
    SellerOrderView,
    seller_order_summary,
    seller_order_view,
)
from order.repository import reading

Ids = Annotated[str, Query(max_length=6600)]
Member = Annotated[Principal, allow("seller-owner", "seller-staff")]


def router(db: Database) -> APIRouter:
    """Routes under ``/v1/sellers/{seller_id}/orders``, and the figure beside them."""
    routes = APIRouter(prefix="/v1/sellers/{seller_id}", tags=["seller orders"])

    @routes.get("/order-counts")
    async def count(seller_id: Id, member: Member) -> SellerOrderCounts:
        """How many orders wait, travel and have arrived."""
        _require_member(member, seller_id)
        async with db.reading() as tx:
            return SellerOrderCounts(**await reading.count_parts(tx, seller_id=seller_id))

    @routes.get("/orders")
    async def list_parts(
        seller_id: Id,
        member: Member,
        fulfilment: Fulfilment | None = None,
        ids: Ids | None = None,
        after: Cursor = None,
        limit: Limit = 20,
    ) -> SellerOrderList:
        """Confirmed seller orders of the shop, newest first; with ``ids`` (separated by commas, at most 100) only those."""
        _require_member(member, seller_id)
        place = cursor.decode(after, parts=1)
        async with db.reading() as tx:
            heads = await reading.list_parts(
                tx,
                seller_id=seller_id,
                fulfilment=fulfilment,
                ids=ids.split(",")[:100] if ids is not None else None,
                before=place[0] if place else None,
                limit=limit,
            )
        following = cursor.encode(heads[-1].seller_order_id) if len(heads) == limit else None
        return SellerOrderList(items=[seller_order_summary(head) for head in heads], next=following)

    @routes.get("/orders/{seller_order_id}")
    async def read_part(seller_id: Id, seller_order_id: Id, member: Member) -> SellerOrderView:
        """One confirmed seller order with the address of its parcel."""
        _require_member(member, seller_id)
        async with db.reading() as tx:
            view = await reading.find_part(tx, seller_order_id, seller_id=seller_id)
        if view is None:
            raise NotFound("This shop has no such order.")
        return seller_order_view(view)

    return routes


def _require_member(member: Principal, seller_id: str) -> None:
    if not member.member_of(seller_id):
        raise NotFound("You have no such shop.")
