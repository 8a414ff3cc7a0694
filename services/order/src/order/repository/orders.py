"""Orders as the checkout writes them and as the saga needs them."""

from collections.abc import Sequence
from typing import Any

from psycopg.types.json import Jsonb

from chassis.db import HotTransaction
from contracts.values import Money
from order.domain.order import Line, PlacedOrder, SellerPart
from order.repository.rows import LINE_COLUMNS, to_address, to_parts

_INSERT_ORDER = """
INSERT INTO orders (order_id, number, buyer_id, total, currency) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (number) DO NOTHING
"""
_INSERT_ADDRESS = """
INSERT INTO order_addresses (order_id, name, line1, line2, postal_code, city, country, phone)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
_INSERT_PARTS = """
INSERT INTO seller_orders (seller_order_id, order_id, seller_id, position, total)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[])
"""
_INSERT_LINES = """
INSERT INTO order_lines (line_id, order_id, seller_order_id, position, offer_id, product_id, variant_id, sku, category_id,
                         title_fr, title_en, variant_fr, variant_en, image_url, quantity, unit_price, amount)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[],
                     %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[],
                     %s::bigint[])
"""
_LOAD = f"""
SELECT {LINE_COLUMNS}, s.seller_id, s.total AS seller_total, o.number, o.buyer_id, o.total, o.currency,
       a.name, a.line1, a.line2, a.postal_code, a.city, a.country, a.phone
FROM orders AS o
JOIN order_addresses AS a USING (order_id)
JOIN seller_orders AS s USING (order_id)
JOIN order_lines AS l ON l.seller_order_id = s.seller_order_id
WHERE o.order_id = ANY(%s)
ORDER BY o.order_id, s.position, l.position
"""  # noqa: S608
_CONFIRM = "UPDATE seller_orders SET confirmed_at = clock_timestamp() WHERE order_id = ANY(%s) AND confirmed_at IS NULL"
_SHORTAGES = """
UPDATE orders SET shortages = n.shortages FROM unnest(%s::text[], %s::jsonb[]) AS n (order_id, shortages)
WHERE orders.order_id = n.order_id
"""
_FULFIL = """
UPDATE seller_orders AS s SET fulfilment = n.status, fulfilment_sequence = n.sequence
FROM unnest(%s::text[], %s::text[], %s::bigint[]) AS n (seller_order_id, status, sequence)
WHERE s.seller_order_id = n.seller_order_id AND s.fulfilment_sequence < n.sequence
"""


async def insert(tx: HotTransaction, order: PlacedOrder) -> bool:
    """Write the whole order; False, and nothing written, when its number is taken."""
    head = (order.order_id, order.number, order.buyer_id, order.total.amount, order.total.currency)
    if await tx.count(_INSERT_ORDER, head) == 0:
        return False
    where = order.address
    async with tx.pipeline():
        address = (where.name, where.line1, where.line2, where.postal_code, where.city, where.country, where.phone)
        await tx.execute(_INSERT_ADDRESS, (order.order_id, *address))
        await tx.execute(_INSERT_PARTS, _columns([_part_row(order, n, part) for n, part in enumerate(order.parts)]))
        lines = [(part, line) for part in order.parts for line in part.lines]
        await tx.execute(_INSERT_LINES, _columns([_line_row(order, n, *item) for n, item in enumerate(lines)]))
    return True


async def load(tx: HotTransaction, order_ids: Sequence[str]) -> dict[str, PlacedOrder]:
    """Orders with all parts and lines, in one statement."""
    if not order_ids:
        return {}
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in await tx.rows(_LOAD, (list(order_ids),)):
        groups.setdefault(row["order_id"], []).append(row)
    return {order_id: _order(rows) for order_id, rows in groups.items()}


async def number_of(tx: HotTransaction, order_id: str, *, buyer_id: str) -> str | None:
    """The number of this buyer's order; None for an unknown order or somebody else's."""
    row = await tx.row("SELECT number FROM orders WHERE order_id = %s AND buyer_id = %s", (order_id, buyer_id))
    return row["number"] if row else None


async def confirm(tx: HotTransaction, order_ids: Sequence[str]) -> None:
    """Make the parts of these orders visible to their sellers."""
    await tx.execute(_CONFIRM, (list(order_ids),))


async def keep_shortages(tx: HotTransaction, shortages: dict[str, list[dict[str, Any]]]) -> None:
    """Remember what was sold out, by order."""
    await tx.execute(_SHORTAGES, (list(shortages), [Jsonb(value) for value in shortages.values()]))


async def set_fulfilment(tx: HotTransaction, rows: Sequence[tuple[str, str, int]]) -> None:
    """(seller order, status, sequence of the shipment), one row per seller order; older news changes nothing."""
    if rows:
        await tx.execute(_FULFIL, _columns(rows))


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _part_row(order: PlacedOrder, position: int, part: SellerPart) -> tuple[Any, ...]:
    return part.seller_order_id, order.order_id, part.seller_id, position, part.total.amount


def _line_row(order: PlacedOrder, position: int, part: SellerPart, line: Line) -> tuple[Any, ...]:
    texts = (line.title.fr, line.title.en, line.variant.fr, line.variant.en, line.image_url)
    ids = (line.offer_id, line.product_id, line.variant_id, line.sku, line.category_id)
    amounts = (line.quantity, line.unit_price.amount, line.amount.amount)
    return line.line_id, order.order_id, part.seller_order_id, position, *ids, *texts, *amounts


def _order(rows: Sequence[dict[str, Any]]) -> PlacedOrder:
    head = rows[0]
    return PlacedOrder(
        order_id=head["order_id"],
        number=head["number"],
        buyer_id=head["buyer_id"],
        total=Money(amount=head["total"], currency=head["currency"]),
        parts=to_parts(rows),
        address=to_address(head),
    )
