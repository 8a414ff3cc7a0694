"""Products and offers as everybody sees them."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from catalog.api.inputs import Id
from catalog.api.pages import Cursor, Limit, Page, page_of, position_of
from catalog.domain.errors import Invalid
from catalog.domain.views import OfferDetail, ProductCard, ProductView
from catalog.repository import offers, products
from catalog.service.products import read_product
from chassis.db import Database
from edge.auth import anyone

_MOST_OFFERS = 100


def router(db: Database) -> APIRouter:
    """Public reads."""
    router = APIRouter(dependencies=[anyone()])

    @router.get("/v1/products")
    async def list_products(
        category: Annotated[Id | None, Query()] = None,
        seller: Annotated[Id | None, Query()] = None,
        cursor: Cursor = None,
        limit: Limit = 20,
    ) -> Page[ProductCard]:
        """Products on sale, newest first. ``category`` is an id or a slug and includes everything below it."""
        return await listed(db, category=category, seller=seller, cursor=cursor, limit=limit)

    @router.get("/v1/products/{product_id}")
    async def read(product_id: Annotated[Id, Path()]) -> ProductView:
        """One product with its variants and offers."""
        async with db.reading() as tx:
            return await read_product(tx, product_id)

    @router.get("/v1/offers")
    async def read_offers(ids: Annotated[str, Query(min_length=1, max_length=6600)]) -> Page[OfferDetail]:
        """Offers by id, separated by commas, at most 100; unknown ones are left out."""
        wanted = [item for item in ids.split(",") if item.isprintable()]
        if len(wanted) > _MOST_OFFERS:
            raise Invalid.at("?ids", "too-many", f"Ask for at most {_MOST_OFFERS} offers at once.")
        async with db.reading() as tx:
            return Page(await offers.details(tx, wanted), None)

    return router


async def listed(
    db: Database, *, category: str | None, seller: str | None, cursor: str | None, limit: int
) -> Page[ProductCard]:
    """A page of products on sale; an unknown category or seller has none."""
    after = position_of(cursor)
    async with db.reading() as tx:
        found = await products.page(tx, category=category, seller_id=seller, after=after, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda card: (card.created_at, card.product_id))
