"""An order: what a buyer bought from which sellers, frozen at placement."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.ids import new_id
from contracts.values import LocalText, Money
from order.domain.cart import CartLine, by_seller, sum_of

_NUMBER_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"
_NUMBER_LENGTH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingAddress:
    """Where the parcels go. Personal data: stays in this service's tables, never in an event."""

    name: str
    line1: str
    line2: str | None
    postal_code: str
    city: str
    country: str
    phone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Snapshot of a bought offer. ``amount`` = ``unit_price`` × ``quantity``, tax included."""

    line_id: str
    offer_id: str
    product_id: str
    variant_id: str
    sku: str
    category_id: str
    title: LocalText
    variant: LocalText
    image_url: str
    quantity: int
    unit_price: Money
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerPart:
    """The part of an order that one seller fulfils. ``total`` = sum of the lines' amounts."""

    seller_order_id: str
    seller_id: str
    total: Money
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedOrder:
    """``total`` = sum of the parts' totals, one currency (invariant I6)."""

    order_id: str
    number: str
    buyer_id: str
    total: Money
    parts: tuple[SellerPart, ...]
    address: ShippingAddress


def place(
    lines: Sequence[CartLine], *, number: str, buyer_id: str, currency: str, address: ShippingAddress
) -> PlacedOrder:
    """Freeze the lines of a cart into an order with one part per seller."""
    parts = tuple(_part(seller_id, group, currency) for seller_id, group in by_seller(lines))
    return PlacedOrder(
        order_id=new_id("ord"),
        number=number,
        buyer_id=buyer_id,
        total=sum_of([part.total for part in parts], currency),
        parts=parts,
        address=address,
    )


def _part(seller_id: str, lines: Sequence[CartLine], currency: str) -> SellerPart:
    frozen = tuple(_freeze(line) for line in lines)
    return SellerPart(
        seller_order_id=new_id("sor"),
        seller_id=seller_id,
        total=sum_of([line.amount for line in frozen], currency),
        lines=frozen,
    )


def _freeze(line: CartLine) -> Line:
    return Line(
        line_id=new_id("lin"),
        offer_id=line.offer_id,
        product_id=line.product_id,
        variant_id=line.variant_id,
        sku=line.sku,
        category_id=line.category_id,
        title=line.title,
        variant=line.variant,
        image_url=line.image_url,
        quantity=line.quantity,
        unit_price=line.unit_price,
        amount=line.amount,
    )


def order_number(now: datetime, choose: Callable[[str], str] = secrets.choice) -> str:
    """Number for people, for example ``H-2611-7K3QXM``: year and month, then 31^6 chances without look-alike letters."""
    code = "".join(choose(_NUMBER_ALPHABET) for _ in range(_NUMBER_LENGTH))
    return f"H-{now:%y%m}-{code}"
