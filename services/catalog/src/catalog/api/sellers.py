"""What the people of a shop do with their products and offers. A foreign shop's id is as unknown as a made-up one."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic_core import to_json

from catalog.api.inputs import Id, NewOffer, NewProduct, OfferChanges
from catalog.api.pages import Cursor, Limit, Page, page_of, position_of
from catalog.domain.views import ProductView, SellerOffer
from catalog.repository import offers
from catalog.service.offers import change_offer, create_offer
from catalog.service.products import create_product
from chassis.db import Database
from edge import idempotency
from edge.auth import Principal, allow
from edge.errors import NotFound
from edge.idempotency import IdempotencyKey

Caller = Annotated[Principal, allow("seller-owner", "seller-staff")]
Key = Annotated[IdempotencyKey, idempotency.optional()]
SellerId = Annotated[Id, Path()]


def require_member(caller: Principal, seller_id: str) -> None:
    """Refuse a caller who does not belong to the shop."""
    if not caller.member_of(seller_id):
        raise NotFound("There is no such shop.")


def router(db: Database, *, currency: str) -> APIRouter:
    """Routes below ``/v1/sellers/{seller_id}``."""
    router = APIRouter(prefix="/v1/sellers/{seller_id}")

    @router.post("/products", status_code=201, response_model=ProductView)
    async def add_product(caller: Caller, seller_id: SellerId, body: NewProduct, key: Key) -> Response:
        """Describe a product with its variants."""
        require_member(caller, seller_id)
        async with db.hot_transaction() as tx:
            if replayed := await key.replay(tx, caller):
                return replayed
            made = await create_product(tx, seller_id=seller_id, draft=body.draft())
            return await key.store(tx, caller, 201, to_json(made))

    @router.get("/offers")
    async def list_offers(
        caller: Caller,
        seller_id: SellerId,
        cursor: Cursor = None,
        limit: Limit = 20,
        available_at_most: Annotated[int | None, Query(ge=0, le=1_000_000)] = None,
    ) -> Page[SellerOffer]:
        """The shop's own offers in every state, newest first; with ``available_at_most`` what is on sale and runs out."""
        require_member(caller, seller_id)
        after = position_of(cursor)
        async with db.reading() as tx:
            found = await offers.seller_offers(tx, seller_id, after=after, limit=limit + 1, at_most=available_at_most)
        return page_of(found, limit=limit, place=lambda offer: (offer.listed_at, offer.offer_id))

    @router.post("/offers", status_code=201, response_model=SellerOffer)
    async def add_offer(caller: Caller, seller_id: SellerId, body: NewOffer, key: Key) -> Response:
        """Put a variant on sale; one offer per variant and condition."""
        require_member(caller, seller_id)
        async with db.hot_transaction() as tx:
            if replayed := await key.replay(tx, caller):
                return replayed
            made = await create_offer(tx, seller_id=seller_id, draft=body.draft(), currency=currency)
            return await key.store(tx, caller, 201, to_json(made))

    @router.patch("/offers/{offer_id}")
    async def change(
        caller: Caller, seller_id: SellerId, offer_id: Annotated[Id, Path()], body: OfferChanges
    ) -> SellerOffer:
        """Change price, stock (units on the shelf, reserved ones included), status or handling time."""
        require_member(caller, seller_id)
        async with db.hot_transaction() as tx:
            return await change_offer(tx, offer_id, seller_id=seller_id, change=body.change(), currency=currency)

    return router
