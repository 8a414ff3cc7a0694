"""Shops, as everybody and as their members see them."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from chassis.db import Database
from edge import idempotency
from edge.idempotency import IdempotencyKey
from identity.api.callers import Anyone, SellerId, SellerIdOrHandle, SignedIn
from identity.api.fields import Cursor
from identity.api.schemas import (
    NewSeller,
    OwnSellerAnswer,
    SellerAnswer,
    SellerChange,
    SellerPage,
    own_seller,
    public_seller,
    seller_row,
)
from identity.domain.lifetimes import OPERATORS
from identity.domain.sellers import OPEN
from identity.repository import sellers
from identity.service.sellers import change_seller, create_seller, seller_for

Limit = Annotated[int, Query(ge=1, le=100)]
Ids = Annotated[str, Query(max_length=6600)]


def router(db: Database) -> APIRouter:
    router = APIRouter(prefix="/v1/sellers", tags=["sellers"])

    @router.post("", status_code=201, response_model=OwnSellerAnswer)
    async def create(
        body: NewSeller, principal: SignedIn, key: Annotated[IdempotencyKey, idempotency.optional()]
    ) -> Response:
        """Make a shop; an operator opens it. Sign-ins see the new role within a minute."""
        async with db.hot_transaction() as tx:
            if replayed := await key.replay(tx, principal):
                return replayed
            made = own_seller(await create_seller(tx, principal, seller_row(body)))
            return await key.store(tx, principal, 201, made.model_dump_json().encode())

    @router.get("")
    async def list_open(
        _: Anyone, cursor: Cursor | None = None, limit: Limit = 50, ids: Ids | None = None
    ) -> SellerPage:
        """Open shops in the order of their making; with ``ids`` (separated by commas, at most 100) those, also when closed since."""
        async with db.reading() as tx:
            if ids is not None:
                return SellerPage(
                    items=[public_seller(row) for row in await sellers.some(tx, ids.split(",")[:100])], next=None
                )
            rows = await sellers.page(tx, status=OPEN, after=cursor or "", limit=limit + 1)
        following = rows[limit - 1]["seller_id"] if len(rows) > limit else None
        return SellerPage(items=[public_seller(row) for row in rows[:limit]], next=following)

    @router.get("/{seller_id_or_handle}")
    async def read(seller_id_or_handle: SellerIdOrHandle, principal: Anyone) -> OwnSellerAnswer | SellerAnswer:
        async with db.reading() as tx:
            row = await seller_for(tx, principal, seller_id_or_handle)
        is_inside = principal.member_of(row["seller_id"]) or bool(principal.roles & OPERATORS)
        return own_seller(row) if is_inside else public_seller(row)

    @router.patch("/{seller_id}")
    async def change(seller_id: SellerId, body: SellerChange, principal: SignedIn) -> OwnSellerAnswer:
        """Owners change what the shop says about itself."""
        async with db.hot_transaction() as tx:
            return own_seller(await change_seller(tx, principal, {**seller_row(body), "seller_id": seller_id}))

    return router
