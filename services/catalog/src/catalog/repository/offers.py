"""Statements on offers. Whoever changes offers locks them first, in the order of their ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog.domain.listing import OfferStatus
from catalog.domain.stock import MovementKind
from catalog.domain.views import OfferDetail, SellerOffer
from catalog.repository.cursor import Position
from chassis.db import HotTransaction
from contracts.catalog import Image, OfferState
from contracts.values import LocalText, Money

_INSERT = """
INSERT INTO offers (offer_id, product_id, variant_id, seller_id, condition, status, price_minor, currency, handling_days, on_hand)
VALUES (%(offer_id)s, %(product_id)s, %(variant_id)s, %(seller_id)s, %(condition)s, 'active', %(price)s, %(currency)s,
        %(handling_days)s, %(stock)s)
ON CONFLICT DO NOTHING
"""
_LOCK = "SELECT offer_id FROM offers WHERE offer_id = ANY(%(ids)s) ORDER BY offer_id FOR UPDATE"
_LOCK_OF_SELLERS = "SELECT offer_id FROM offers WHERE seller_id = ANY(%(sellers)s) ORDER BY offer_id FOR UPDATE"
_LOCK_OF_PRODUCTS = "SELECT offer_id FROM offers WHERE product_id = ANY(%(products)s) ORDER BY offer_id FOR UPDATE"
_TOUCH = "UPDATE offers SET sequence = sequence + 1 WHERE offer_id = ANY(%(ids)s)"
_LOCK_ONE = """
SELECT offer_id, status, on_hand, reserved FROM offers
WHERE offer_id = %(offer_id)s AND seller_id = %(seller_id)s FOR UPDATE
"""
_CHANGE = """
UPDATE offers SET status = coalesce(%(status)s, status), price_minor = coalesce(%(price)s, price_minor),
       handling_days = coalesce(%(handling_days)s, handling_days), on_hand = coalesce(%(stock)s, on_hand),
       sequence = sequence + 1
WHERE offer_id = %(offer_id)s
"""
_JOURNAL = "INSERT INTO stock_movements (offer_id, kind, quantity) VALUES (%s, %s, %s)"
_STATES = "SELECT * FROM offer_states WHERE offer_id = ANY(%(ids)s) ORDER BY offer_id"
_LOCK_AFTER = "SELECT offer_id FROM offers WHERE offer_id > %(after)s ORDER BY offer_id LIMIT %(limit)s FOR UPDATE"
_OF_SELLER = """
SELECT * FROM offer_states
WHERE seller_id = %(seller_id)s
  AND (%(at_most)s::int IS NULL OR (status = 'active' AND on_hand - reserved <= %(at_most)s))
  AND (listed_at, offer_id) < (coalesce(%(created_at)s::timestamptz, 'infinity'), %(id)s)
ORDER BY listed_at DESC, offer_id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class LockedOffer:
    offer_id: str
    status: OfferStatus
    on_hand: int
    reserved: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An offer's state with its sequence number."""

    state: OfferState
    sequence: int


async def insert(tx: HotTransaction, offer: dict[str, Any]) -> bool:
    """False when the shop already offers this variant in this condition."""
    return await tx.count(_INSERT, offer) == 1


async def journal(tx: HotTransaction, offer_id: str, *, kind: MovementKind, quantity: int) -> None:
    """Write down units that the seller put on the shelf or took off it."""
    await tx.execute(_JOURNAL, (offer_id, kind.value, quantity))


async def lock_one(tx: HotTransaction, offer_id: str, *, seller_id: str) -> LockedOffer | None:
    """A seller's own offer, locked; None for an unknown or a foreign one."""
    row = await tx.row(_LOCK_ONE, {"offer_id": offer_id, "seller_id": seller_id})
    if row is None:
        return None
    return LockedOffer(row["offer_id"], OfferStatus(row["status"]), row["on_hand"], row["reserved"])


async def change(tx: HotTransaction, offer_id: str, changes: dict[str, Any]) -> None:
    """Set what is not None of ``status``, ``price`` (minor units), ``handling_days`` and ``stock``, raising the sequence."""
    await tx.execute(_CHANGE, {"offer_id": offer_id, **changes})


async def touch_of_sellers(tx: HotTransaction, seller_ids: Sequence[str]) -> list[str]:
    """Lock all offers of these shops and raise their sequences; returns their ids."""
    return await _touch(tx, await tx.rows(_LOCK_OF_SELLERS, {"sellers": list(seller_ids)}))


async def touch_of_products(tx: HotTransaction, product_ids: Sequence[str]) -> list[str]:
    """Lock all offers of these products and raise their sequences; returns their ids."""
    return await _touch(tx, await tx.rows(_LOCK_OF_PRODUCTS, {"products": list(product_ids)}))


async def _touch(tx: HotTransaction, rows: Sequence[dict[str, Any]]) -> list[str]:
    ids = [row["offer_id"] for row in rows]
    if ids:
        await tx.execute(_TOUCH, {"ids": ids})
    return ids


async def lock(tx: HotTransaction, offer_ids: Sequence[str]) -> None:
    """Lock in the order of ids. What is read about them must come from a later statement: it sees what the lock waited for."""
    await tx.execute(_LOCK, {"ids": list(offer_ids)})


async def snapshots(tx: HotTransaction, offer_ids: Sequence[str]) -> list[Snapshot]:
    """Full states as this transaction sees them."""
    return [_snapshot(row) for row in await tx.rows(_STATES, {"ids": list(offer_ids)})]


async def lock_after(tx: HotTransaction, offer_id: str, *, limit: int) -> list[str]:
    """Lock the next offers in the order of ids, for going through all of them."""
    return [row["offer_id"] for row in await tx.rows(_LOCK_AFTER, {"after": offer_id, "limit": limit})]


async def details(tx: HotTransaction, offer_ids: Sequence[str]) -> list[OfferDetail]:
    """The offers that exist among ``offer_ids``, in the order of ids."""
    return [OfferDetail(**_detail(row)) for row in await tx.rows(_STATES, {"ids": list(offer_ids)})]


async def seller_offer(tx: HotTransaction, offer_id: str) -> SellerOffer:
    """One existing offer as its shop sees it."""
    rows = await tx.rows(_STATES, {"ids": [offer_id]})
    return _seller_offer(rows[0])


async def seller_offers(
    tx: HotTransaction, seller_id: str, *, after: Position | None, limit: int, at_most: int | None = None
) -> list[SellerOffer]:
    """A shop's offers, newest first; with ``at_most`` those on sale with no more free units than that."""
    position = after or Position(None, "")
    params = {"seller_id": seller_id, "created_at": position.created_at, "id": position.id, "limit": limit}
    params["at_most"] = at_most
    return [_seller_offer(row) for row in await tx.rows(_OF_SELLER, params)]


def _seller_offer(row: dict[str, Any]) -> SellerOffer:
    units = {name: row[name] for name in ("on_hand", "reserved", "listed_at")}
    return SellerOffer(**_detail(row), **units)


def _detail(row: dict[str, Any]) -> dict[str, Any]:
    same = ("offer_id", "product_id", "variant_id", "seller_id", "sku", "condition", "handling_days", "status")
    return {
        **{name: row[name] for name in same},
        "title": LocalText(fr=row["title_fr"], en=row["title_en"]),
        "variant": LocalText(fr=row["label_fr"], en=row["label_en"]),
        "image_url": row["image_url"] or None,
        "price": Money(amount=row["price_minor"], currency=row["currency"]),
        "available": row["available"] if row["status"] == OfferStatus.ACTIVE else 0,
    }


def _snapshot(row: dict[str, Any]) -> Snapshot:
    state = OfferState(
        offer_id=row["offer_id"],
        product_id=row["product_id"],
        variant_id=row["variant_id"],
        sku=row["sku"],
        seller_id=row["seller_id"],
        status=row["status"],
        title=LocalText(fr=row["title_fr"], en=row["title_en"]),
        description=LocalText(fr=row["description_fr"], en=row["description_en"]),
        variant=LocalText(fr=row["label_fr"], en=row["label_en"]),
        category_path=tuple(row["category_path"]),
        image_url=row["image_url"],
        images=(Image.model_validate(row["image"]),) if row["image"] else (),
        price=Money(amount=row["price_minor"], currency=row["currency"]),
        available=row["available"],
        condition=row["condition"],
        handling_days=row["handling_days"],
        listed_at=row["listed_at"],
    )
    return Snapshot(state, row["sequence"])
