"""Orders as their buyers, sellers and operators read them. Every statement filters by who asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.db import HotTransaction
from contracts.values import Money
from order.domain.order import SellerPart, ShippingAddress
from order.repository.rows import LINE_COLUMNS, to_address, to_parts

_HEAD = """o.order_id, o.number, o.placed_at, o.total, o.currency, o.shortages, g.state, g.cancel_reason, g.decline_reason,
       g.payment_attempt"""
_LIST_OF_BUYER = f"""
SELECT {_HEAD} FROM orders AS o JOIN sagas AS g USING (order_id)
WHERE o.buyer_id = %(buyer_id)s AND o.order_id < coalesce(%(before)s::text, 'z')
ORDER BY o.order_id DESC LIMIT %(limit)s
"""  # noqa: S608
_LIST_OF_ALL = f"""
SELECT {_HEAD} FROM orders AS o JOIN sagas AS g USING (order_id)
WHERE o.order_id < coalesce(%(before)s::text, 'z') ORDER BY o.order_id DESC LIMIT %(limit)s
"""  # noqa: S608
_ONE = f"""
SELECT {_HEAD}, a.name, a.line1, a.line2, a.postal_code, a.city, a.country, a.phone
FROM orders AS o JOIN sagas AS g USING (order_id) JOIN order_addresses AS a USING (order_id)
WHERE o.order_id = %(order_id)s AND (%(buyer_id)s::text IS NULL OR o.buyer_id = %(buyer_id)s)
"""  # noqa: S608
_LINES = f"""
SELECT {LINE_COLUMNS}, s.seller_id, s.total AS seller_total, o.currency
FROM orders AS o JOIN seller_orders AS s USING (order_id) JOIN order_lines AS l USING (seller_order_id)
WHERE o.order_id = %(order_id)s ORDER BY s.position, l.position
"""  # noqa: S608
_PART_HEAD = """s.seller_order_id, s.order_id, s.seller_id, s.total, s.confirmed_at, s.fulfilment, o.number, o.placed_at,
       o.currency"""
_PARTS_OF_SELLER = f"""
SELECT {_PART_HEAD}, (SELECT sum(quantity) FROM order_lines WHERE seller_order_id = s.seller_order_id)::bigint AS units
FROM seller_orders AS s JOIN orders AS o USING (order_id)
WHERE s.seller_id = %(seller_id)s AND s.confirmed_at IS NOT NULL
  AND (%(ids)s::text[] IS NULL OR s.seller_order_id = ANY(%(ids)s))
  AND (%(fulfilment)s::text IS NULL OR s.fulfilment = %(fulfilment)s)
  AND s.seller_order_id < coalesce(%(before)s::text, 'z')
ORDER BY s.seller_order_id DESC LIMIT %(limit)s
"""  # noqa: S608
_COUNTS = """
SELECT fulfilment, count(*) AS orders FROM seller_orders
WHERE seller_id = %(seller_id)s AND confirmed_at IS NOT NULL GROUP BY fulfilment
"""
_PART = f"""
SELECT {_PART_HEAD}, {LINE_COLUMNS}, s.total AS seller_total,
       a.name, a.line1, a.line2, a.postal_code, a.city, a.country, a.phone
FROM seller_orders AS s JOIN orders AS o USING (order_id) JOIN order_addresses AS a USING (order_id)
JOIN order_lines AS l ON l.seller_order_id = s.seller_order_id
WHERE s.seller_order_id = %(part_id)s AND s.seller_id = %(seller_id)s AND s.confirmed_at IS NOT NULL
ORDER BY l.position
"""  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHead:
    """An order in a list. ``state`` is the saga's."""

    order_id: str
    number: str
    placed_at: datetime
    total: Money
    state: str
    cancel_reason: str | None
    decline_reason: str | None
    payment_attempt: int
    shortages: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """An order in full, for its buyer or an operator."""

    head: OrderHead
    address: ShippingAddress
    parts: tuple[SellerPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartHead:
    """A seller order in its seller's list."""

    seller_order_id: str
    order_id: str
    number: str
    placed_at: datetime
    confirmed_at: datetime
    total: Money
    fulfilment: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """A seller order in full: nothing of other sellers, and of the buyer only where the parcel goes."""

    head: PartHead
    address: ShippingAddress
    part: SellerPart


async def list_orders(tx: HotTransaction, *, buyer_id: str | None, before: str | None, limit: int) -> list[OrderHead]:
    """Newest first, of one buyer, or of everybody for operators (``buyer_id`` None)."""
    statement = _LIST_OF_ALL if buyer_id is None else _LIST_OF_BUYER
    rows = await tx.rows(statement, {"buyer_id": buyer_id, "before": before, "limit": limit})
    return [_order_head(row) for row in rows]


async def find_order(tx: HotTransaction, order_id: str, *, buyer_id: str | None) -> OrderView | None:
    """One order of this buyer, or of anybody for operators (``buyer_id`` None)."""
    params = {"order_id": order_id, "buyer_id": buyer_id}
    row = await tx.row(_ONE, params)
    if row is None:
        return None
    parts = to_parts(await tx.rows(_LINES, params))
    return OrderView(head=_order_head(row), address=to_address(row), parts=parts)


async def list_parts(
    tx: HotTransaction,
    *,
    seller_id: str,
    fulfilment: str | None,
    ids: Sequence[str] | None,
    before: str | None,
    limit: int,
) -> list[PartHead]:
    """Confirmed seller orders of one shop, newest first; of one state of the parcel, or only these, when told."""
    asked = {"seller_id": seller_id, "fulfilment": fulfilment, "ids": list(ids) if ids is not None else None}
    params = {**asked, "before": before, "limit": limit}
    return [_part_head(row, row["units"]) for row in await tx.rows(_PARTS_OF_SELLER, params)]


async def count_parts(tx: HotTransaction, *, seller_id: str) -> dict[str, int]:
    """Number of one shop's confirmed seller orders by state of the parcel."""
    return {row["fulfilment"]: row["orders"] for row in await tx.rows(_COUNTS, {"seller_id": seller_id})}


async def find_part(tx: HotTransaction, seller_order_id: str, *, seller_id: str) -> PartView | None:
    """One confirmed seller order of this shop."""
    rows = await tx.rows(_PART, {"part_id": seller_order_id, "seller_id": seller_id})
    if not rows:
        return None
    units = sum(row["quantity"] for row in rows)
    return PartView(head=_part_head(rows[0], units), address=to_address(rows[0]), part=_only(to_parts(rows)))


def _only(parts: Sequence[SellerPart]) -> SellerPart:
    (part,) = parts
    return part


def _order_head(row: dict[str, Any]) -> OrderHead:
    return OrderHead(
        order_id=row["order_id"],
        number=row["number"],
        placed_at=row["placed_at"],
        total=Money(amount=row["total"], currency=row["currency"]),
        state=row["state"],
        cancel_reason=row["cancel_reason"],
        decline_reason=row["decline_reason"],
        payment_attempt=row["payment_attempt"],
        shortages=row["shortages"] or [],
    )


def _part_head(row: dict[str, Any], units: int) -> PartHead:
    return PartHead(
        seller_order_id=row["seller_order_id"],
        order_id=row["order_id"],
        number=row["number"],
        placed_at=row["placed_at"],
        confirmed_at=row["confirmed_at"],
        total=Money(amount=row["total"], currency=row["currency"]),
        fulfilment=row["fulfilment"],
        units=units,
    )
