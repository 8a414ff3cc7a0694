"""Writing shipments and their timelines."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chassis.db import HotTransaction
from contracts.order import OrderConfirmed, OrderPlaced
from logistics.domain.shipment import Line, Scan, Shipment, Status
from logistics.repository.rows import SHIPMENT_COLUMNS, to_line, to_shipment

_KNOW_ORDERS = """
INSERT INTO known_orders (order_id, buyer_id) SELECT * FROM unnest(%s::text[], %s::text[]) ON CONFLICT DO NOTHING
"""
_CREATE = f"""
INSERT INTO shipments AS s (shipment_id, order_id, seller_order_id, seller_id, buyer_id, status, sequence)
SELECT n.shipment_id, n.order_id, n.seller_order_id, n.seller_id, n.buyer_id, 'preparing', 1
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS n (shipment_id, order_id, seller_order_id, seller_id, buyer_id)
ON CONFLICT (seller_order_id) DO NOTHING RETURNING {SHIPMENT_COLUMNS}
"""  # noqa: S608
_CREATE_LINES = """
INSERT INTO shipment_lines (line_id, shipment_id, position, offer_id, product_id, title_fr, title_en, quantity)
SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[])
"""
_FIRST_STEPS = """
INSERT INTO shipment_steps (shipment_id, n, status) SELECT shipment_id, 1, 'preparing' FROM unnest(%s::text[]) AS n (shipment_id)
"""
_LOCK = f"""
SELECT {SHIPMENT_COLUMNS} FROM shipments AS s WHERE s.shipment_id = %(shipment_id)s
  AND (%(seller_id)s::text IS NULL OR s.seller_id = %(seller_id)s) FOR UPDATE
"""  # noqa: S608
_SHIP = f"""
UPDATE shipments AS s SET status = 'shipped', carrier = %(carrier)s, tracking_number = %(tracking_number)s,
    tracking_url = %(tracking_url)s, shipped_at = clock_timestamp(), sequence = s.sequence + 1
WHERE s.shipment_id = %(shipment_id)s RETURNING {SHIPMENT_COLUMNS}
"""  # noqa: S608
_MOVE = f"""
UPDATE shipments AS s SET status = %(status)s, last_scan = %(scan)s, sequence = s.sequence + 1,
    delivered_at = CASE WHEN %(status)s = 'delivered' THEN %(occurred_at)s ELSE s.delivered_at END
WHERE s.shipment_id = %(shipment_id)s RETURNING {SHIPMENT_COLUMNS}
"""  # noqa: S608
_STEP = "INSERT INTO shipment_steps (shipment_id, n, status, occurred_at) VALUES (%s, %s, %s, %s)"
_LINES = "SELECT * FROM shipment_lines WHERE shipment_id = %s ORDER BY position"
_CLAIM_CALLBACK = """
INSERT INTO carrier_callbacks (callback_id, shipment_id, status, occurred_at, outcome) VALUES (%s, %s, %s, %s, 'taken')
ON CONFLICT (callback_id) DO NOTHING
"""


async def know_orders(tx: HotTransaction, orders: Sequence[OrderPlaced | OrderConfirmed]) -> None:
    """Remember whose these orders are."""
    if orders:
        await tx.execute(_KNOW_ORDERS, ([o.order_id for o in orders], [o.buyer_id for o in orders]))


async def create(
    tx: HotTransaction, rows: Sequence[tuple[str, str, str, str, str]], lines: Sequence[tuple[Any, ...]]
) -> list[Shipment]:
    """Shipments of seller orders that have none yet. ``rows``: shipment, order, seller order, seller, buyer.

    ``lines`` begin with line and shipment; those of shipments that exist already are dropped.
    """
    created = [to_shipment(row) for row in await tx.rows(_CREATE, _columns(rows))]
    new = {shipment.shipment_id for shipment in created}
    if new:
        await tx.execute(_CREATE_LINES, _columns([line for line in lines if line[1] in new]))
        await tx.execute(_FIRST_STEPS, (sorted(new),))
    return created


async def lock(tx: HotTransaction, shipment_id: str, *, seller_id: str | None = None) -> Shipment | None:
    """Hold a shipment's row until the commit; of one seller when given."""
    row = await tx.row(_LOCK, {"shipment_id": shipment_id, "seller_id": seller_id})
    return to_shipment(row) if row else None


async def ship(
    tx: HotTransaction, shipment_id: str, *, carrier: str, tracking_number: str, tracking_url: str | None
) -> Shipment:
    """The carrier has it; a step of the timeline is written with it."""
    details = {"carrier": carrier, "tracking_number": tracking_number, "tracking_url": tracking_url}
    shipment = await _changed(tx, _SHIP, {"shipment_id": shipment_id, **details})
    await tx.execute(_STEP, (shipment_id, shipment.sequence, Status.SHIPPED, shipment.shipped_at))
    return shipment


async def move(tx: HotTransaction, shipment_id: str, *, status: Status, scan: Scan, occurred_at: datetime) -> Shipment:
    """The carrier told a step."""
    params = {"shipment_id": shipment_id, "status": status, "scan": scan, "occurred_at": occurred_at}
    shipment = await _changed(tx, _MOVE, params)
    await tx.execute(_STEP, (shipment_id, shipment.sequence, scan, occurred_at))
    return shipment


async def lines_of(tx: HotTransaction, shipment_id: str) -> list[Line]:
    return [to_line(row) for row in await tx.rows(_LINES, (shipment_id,))]


async def claim_callback(
    tx: HotTransaction, callback_id: str, *, shipment_id: str, status: str, occurred_at: datetime
) -> bool:
    """False when this callback was taken before."""
    return await tx.count(_CLAIM_CALLBACK, (callback_id, shipment_id, status, occurred_at)) == 1


async def mark_callback(tx: HotTransaction, callback_id: str, outcome: str) -> None:
    """Say why a callback changed nothing."""
    await tx.execute("UPDATE carrier_callbacks SET outcome = %s WHERE callback_id = %s", (outcome, callback_id))


async def _changed(tx: HotTransaction, statement: str, params: dict[str, Any]) -> Shipment:
    row = await tx.row(statement, params)
    if row is None:
        raise LookupError(f"shipment {params['shipment_id']} was locked and is gone")
    return to_shipment(row)


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
