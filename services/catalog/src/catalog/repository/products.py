"""Statements on products, their variants, and the shelves that list them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb
from pydantic import BaseModel

from catalog.domain.pictures import Gallery
from catalog.domain.views import Attribute, OfferView, ProductCard, ProductView, VariantView
from catalog.repository.cursor import Position
from chassis.db import HotTransaction
from contracts.catalog import Image
from contracts.values import LocalText, Money

ALL = "all"
"""The shelf of everything on offer."""

_INSERT = """
INSERT INTO products (product_id, seller_id, category_id, title_fr, title_en, description_fr, description_en, image_url,
                      images, attributes)
VALUES (%(product_id)s, %(seller_id)s, %(category_id)s, %(title_fr)s, %(title_en)s, %(description_fr)s,
        %(description_en)s, %(image_url)s, %(images)s, %(attributes)s)
"""
_INSERT_VARIANTS = """
INSERT INTO variants (variant_id, product_id, position, sku, label_fr, label_en)
SELECT v.variant_id, %(product_id)s, v.position, v.sku, v.label_fr, v.label_en
FROM unnest(%(ids)s::text[], %(skus)s::text[], %(labels_fr)s::text[], %(labels_en)s::text[])
     WITH ORDINALITY AS v (variant_id, sku, label_fr, label_en, position)
"""
_SHELVE = """
INSERT INTO shelves (shelf_id, created_at, product_id)
SELECT unnest(array['all', %(seller_id)s] || c.path), p.created_at, p.product_id
FROM products p JOIN categories c USING (category_id) WHERE p.product_id = %(product_id)s
ON CONFLICT DO NOTHING
"""
_LOCK_PLACE = """
SELECT v.product_id FROM variants v JOIN products p USING (product_id) JOIN categories c USING (category_id)
WHERE v.variant_id = %s FOR SHARE OF c
"""
_PRODUCT = """
SELECT p.product_id, p.title_fr, p.title_en, p.description_fr, p.description_en, p.image_url, p.images,
       p.attributes, p.created_at, c.path,
       v.variant_id, v.sku, v.label_fr, v.label_en,
       o.offer_id, o.seller_id, o.price_minor, o.currency, o.available, o.condition, o.handling_days, o.status
FROM products p
JOIN categories c USING (category_id)
JOIN variants v USING (product_id)
LEFT JOIN shop_offers o ON o.variant_id = v.variant_id AND o.status <> 'closed'
WHERE p.product_id = %(product_id)s
ORDER BY v.position, o.status, o.price_minor, o.offer_id
"""
# The page is cut before anything is joined to it. The count is a plain subquery on purpose: as a join, the planner would
# prepare a cache for the whole shelf to show twenty rows of it (6 ms instead of 1). The category is looked up in passing: a
# statement of its own would cost as much again as this one.
_PAGE = """
WITH page AS MATERIALIZED (
    SELECT h.created_at, h.product_id FROM shelves h
    WHERE h.shelf_id = {shelf}
      AND (h.created_at, h.product_id) < (coalesce(%(created_at)s::timestamptz, 'infinity'), %(id)s)
      AND (SELECT count(*) FROM shop_offers WHERE product_id = h.product_id AND status = 'active'
           AND (%(seller_id)s::text IS NULL OR seller_id = %(seller_id)s)) > 0
    ORDER BY h.created_at DESC, h.product_id DESC LIMIT %(limit)s
)
SELECT p.product_id, p.title_fr, p.title_en, p.category_id, p.image_url, p.images -> 0 AS image,
       page.created_at, o.*
FROM page
JOIN products p USING (product_id)
CROSS JOIN LATERAL (
    SELECT min(price_minor) AS price_from, min(currency) AS currency, count(*) AS offer_count,
           bool_or(available > 0) AS is_available
    FROM shop_offers WHERE product_id = page.product_id AND status = 'active'
      AND (%(seller_id)s::text IS NULL OR seller_id = %(seller_id)s)
) o
ORDER BY page.created_at DESC, page.product_id DESC
"""
_HANG = """
UPDATE products SET images = %(images)s, image_url = %(image_url)s
WHERE product_id = %(product_id)s AND seller_id = %(seller_id)s
"""
_CATEGORY = "(SELECT category_id FROM categories WHERE category_id = %(category)s OR slug = %(category)s)"
_ALSO_ON = f"JOIN shelves x ON (x.shelf_id, x.created_at, x.product_id) = ({_CATEGORY}, h.created_at, h.product_id)"
_PAGE_OF_ALL = _PAGE.format(shelf=f"'{ALL}'")
_PAGE_OF_CATEGORY = _PAGE.format(shelf=_CATEGORY)
_PAGE_OF_SELLER = _PAGE.format(shelf="%(seller_id)s")
_PAGE_OF_BOTH = _PAGE_OF_SELLER.replace("FROM shelves h", f"FROM shelves h {_ALSO_ON}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProduct:
    """A product about to be stored."""

    product_id: str
    seller_id: str
    category_id: str
    title: LocalText
    description: LocalText
    image_url: str
    gallery: Gallery
    attributes: Sequence[Attribute]
    variants: Sequence[VariantView]


async def insert(tx: HotTransaction, product: NewProduct) -> None:
    """Store a product with its variants, in the order given."""
    await tx.execute(_INSERT, _product_params(product))
    await tx.execute(
        _INSERT_VARIANTS,
        {
            "product_id": product.product_id,
            "ids": [variant.variant_id for variant in product.variants],
            "skus": [variant.sku for variant in product.variants],
            "labels_fr": [variant.label.fr for variant in product.variants],
            "labels_en": [variant.label.en for variant in product.variants],
        },
    )


async def hang(tx: HotTransaction, product_id: str, *, seller_id: str, gallery: Gallery) -> bool:
    """Give a product these pictures instead of those it has; False when the shop did not describe such a product."""
    params = {"product_id": product_id, "seller_id": seller_id, "image_url": gallery.list_url}
    return await tx.count(_HANG, {**params, "images": _documents(gallery.images)}) == 1


async def shelve(tx: HotTransaction, product_id: str, *, seller_id: str) -> None:
    """List an offered product: with everything, in its categories, and with the seller."""
    await tx.execute(_SHELVE, {"product_id": product_id, "seller_id": seller_id})


async def lock_place(tx: HotTransaction, variant_id: str) -> str | None:
    """The product of a variant, its category kept from moving until this transaction ends; None for an unknown variant."""
    row = await tx.row(_LOCK_PLACE, (variant_id,))
    return row["product_id"] if row else None


async def read(tx: HotTransaction, product_id: str) -> ProductView | None:
    """One product with its variants and offers, in one statement."""
    rows = await tx.rows(_PRODUCT, {"product_id": product_id})
    return _product(rows) if rows else None


async def page(
    tx: HotTransaction, *, category: str | None, seller_id: str | None, after: Position | None, limit: int
) -> list[ProductCard]:
    """Products with at least one active offer (of ``seller_id``, if given), newest first. ``category`` is an id or a slug."""
    position = after or Position(None, "")
    params = {
        "category": category,
        "seller_id": seller_id,
        "created_at": position.created_at,
        "id": position.id,
        "limit": limit,
    }
    if seller_id:
        statement = _PAGE_OF_BOTH if category else _PAGE_OF_SELLER
    else:
        statement = _PAGE_OF_CATEGORY if category else _PAGE_OF_ALL
    return [_card(row) for row in await tx.rows(statement, params)]


def _documents(parts: Sequence[BaseModel]) -> Jsonb:
    return Jsonb([part.model_dump() for part in parts])


def _product_params(product: NewProduct) -> dict[str, Any]:
    return {
        "product_id": product.product_id,
        "seller_id": product.seller_id,
        "category_id": product.category_id,
        "title_fr": product.title.fr,
        "title_en": product.title.en,
        "description_fr": product.description.fr,
        "description_en": product.description.en,
        "image_url": product.gallery.list_url or product.image_url,
        "images": _documents(product.gallery.images),
        "attributes": _documents(product.attributes),
    }


def _product(rows: Sequence[dict[str, Any]]) -> ProductView:
    variants: dict[str, VariantView] = {}
    for row in rows:
        label = LocalText(fr=row["label_fr"], en=row["label_en"])
        fresh = VariantView(variant_id=row["variant_id"], label=label, sku=row["sku"])
        variant = variants.setdefault(row["variant_id"], fresh)
        if row["offer_id"]:
            variant.offers.append(_offer(row))
    first = rows[0]
    return ProductView(
        product_id=first["product_id"],
        title=LocalText(fr=first["title_fr"], en=first["title_en"]),
        description=LocalText(fr=first["description_fr"], en=first["description_en"]),
        category_path=first["path"],
        image_url=first["image_url"] or None,
        images=[Image.model_validate(image) for image in first["images"]],
        attributes=[Attribute.model_validate(attribute) for attribute in first["attributes"]],
        created_at=first["created_at"],
        variants=list(variants.values()),
    )


def _offer(row: dict[str, Any]) -> OfferView:
    return OfferView(
        offer_id=row["offer_id"],
        seller_id=row["seller_id"],
        price=Money(amount=row["price_minor"], currency=row["currency"]),
        available=row["available"] if row["status"] == "active" else 0,
        condition=row["condition"],
        handling_days=row["handling_days"],
        status=row["status"],
    )


def _card(row: dict[str, Any]) -> ProductCard:
    return ProductCard(
        product_id=row["product_id"],
        title=LocalText(fr=row["title_fr"], en=row["title_en"]),
        category_id=row["category_id"],
        image_url=row["image_url"] or None,
        images=[Image.model_validate(row["image"])] if row["image"] else [],
        price_from=Money(amount=row["price_from"], currency=row["currency"]),
        offer_count=row["offer_count"],
        available=row["is_available"],
        created_at=row["created_at"],
    )
