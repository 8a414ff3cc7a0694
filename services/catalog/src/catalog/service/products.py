"""Describing products."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.domain.errors import Invalid, SkuTaken
from catalog.domain.listing import require_open_shop
from catalog.domain.pictures import PictureDraft
from catalog.domain.views import Attribute, ProductView, VariantView
from catalog.repository import categories, products, sellers
from catalog.repository.products import NewProduct
from catalog.service.pictures import gallery_of
from chassis.db import HotTransaction
from contracts.ids import new_id
from contracts.values import LocalText
from edge.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantDraft:
    """Without ``sku`` the variant's own id serves."""

    sku: str | None
    label: LocalText


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDraft:
    title: LocalText
    description: LocalText
    category_id: str
    image_url: str | None
    pictures: Sequence[PictureDraft]
    attributes: Sequence[Attribute]
    variants: Sequence[VariantDraft]


async def create_product(tx: HotTransaction, *, seller_id: str, draft: ProductDraft) -> ProductView:
    """Describe a product; any open shop may then offer its variants."""
    require_open_shop(await sellers.lock_status(tx, seller_id))
    if await categories.path_of(tx, draft.category_id) is None:
        raise Invalid.at("/category_id", "unknown", "There is no such category.")
    variants = [_variant(variant) for variant in draft.variants]
    if len({variant.sku for variant in variants}) < len(variants):
        raise SkuTaken("Give each variant of the product a SKU of its own.")
    gallery = await gallery_of(tx, draft.pictures, seller_id=seller_id)
    product_id = new_id("prd")
    product = NewProduct(
        product_id=product_id,
        seller_id=seller_id,
        category_id=draft.category_id,
        title=draft.title,
        description=draft.description,
        image_url=draft.image_url or "",
        gallery=gallery,
        attributes=draft.attributes,
        variants=variants,
    )
    await products.insert(tx, product)
    return await read_product(tx, product_id)


async def read_product(tx: HotTransaction, product_id: str) -> ProductView:
    """One product with variants and offers; refuses an unknown id."""
    product = await products.read(tx, product_id)
    if product is None:
        raise NotFound("There is no such product.")
    return product


def _variant(draft: VariantDraft) -> VariantView:
    variant_id = new_id("var")
    return VariantView(variant_id=variant_id, label=draft.label, sku=draft.sku or variant_id)
