"""What sellers do with their offers. Each change announces the offer's full state."""

from dataclasses import dataclass

from catalog.domain.errors import Invalid, OfferExists
from catalog.domain.listing import (
    Condition,
    OfferStatus,
    require_changeable,
    require_open_shop,
    require_reserved_units,
)
from catalog.domain.stock import MovementKind
from catalog.domain.views import SellerOffer
from catalog.repository import offers, products, sellers
from catalog.service.announcements import announce
from chassis.db import HotTransaction
from contracts.ids import new_id
from contracts.values import Money
from edge.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDraft:
    """``stock`` in units."""

    variant_id: str
    price: Money
    stock: int
    condition: Condition
    handling_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferChange:
    """None leaves a part as it is. ``stock`` counts the units on the shelf, those reserved for orders included."""

    price: Money | None = None
    stock: int | None = None
    status: OfferStatus | None = None
    handling_days: int | None = None


async def create_offer(tx: HotTransaction, *, seller_id: str, draft: OfferDraft, currency: str) -> SellerOffer:
    """Offer a variant; one offer per shop, variant and condition. ``currency`` is the one the market sells in."""
    require_open_shop(await sellers.lock_status(tx, seller_id))
    _require_currency(draft.price, currency)
    product_id = await products.lock_place(tx, draft.variant_id)
    if product_id is None:
        raise Invalid.at("/variant_id", "unknown", "There is no such variant.")
    offer_id = new_id("off")
    offer = {
        "offer_id": offer_id,
        "product_id": product_id,
        "variant_id": draft.variant_id,
        "seller_id": seller_id,
        "condition": draft.condition.value,
        "price": draft.price.amount,
        "currency": draft.price.currency,
        "handling_days": draft.handling_days,
        "stock": draft.stock,
    }
    if not await offers.insert(tx, offer):
        raise OfferExists("Change the offer that you have instead of adding a second one.")
    await offers.journal(tx, offer_id, kind=MovementKind.LISTED, quantity=draft.stock)
    await products.shelve(tx, product_id, seller_id=seller_id)
    await announce(tx, [offer_id])
    return await offers.seller_offer(tx, offer_id)


async def change_offer(
    tx: HotTransaction, offer_id: str, *, seller_id: str, change: OfferChange, currency: str
) -> SellerOffer:
    """Change price, stock, status or handling time of a shop's own offer."""
    offer = await offers.lock_one(tx, offer_id, seller_id=seller_id)
    if offer is None:
        raise NotFound("There is no such offer.")
    require_changeable(offer.status)
    if change.price:
        _require_currency(change.price, currency)
    if change.stock is not None:
        require_reserved_units(change.stock, reserved=offer.reserved)
        if change.stock != offer.on_hand:
            moved = change.stock - offer.on_hand
            await offers.journal(tx, offer_id, kind=MovementKind.ADJUSTED, quantity=moved)
    await offers.change(tx, offer_id, _columns(change))
    await announce(tx, [offer_id])
    return await offers.seller_offer(tx, offer_id)


def _columns(change: OfferChange) -> dict[str, object]:
    return {
        "price": change.price.amount if change.price else None,
        "stock": change.stock,
        "status": change.status.value if change.status else None,
        "handling_days": change.handling_days,
    }


def _require_currency(price: Money, currency: str) -> None:
    if price.currency != currency:
        raise Invalid.at("/price/currency", "unknown-currency", f"Prices are in {currency}.")
