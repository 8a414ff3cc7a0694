"""Confirmed orders become shipments, one per seller order."""

from collections.abc import Sequence

from chassis import outbox
from chassis.context import Cause
from chassis.db import HotTransaction
from contracts.ids import new_id
from contracts.logistics import ShipmentCreated
from contracts.order import OrderConfirmed, OrderLine
from logistics.domain.shipment import Shipment
from logistics.repository import shipments


async def create_shipments(tx: HotTransaction, confirmed: Sequence[tuple[OrderConfirmed, Cause]]) -> None:
    """Make the parcels of these orders that do not exist yet, and tell each."""
    rows, lines, causes = [], [], {}
    for order, cause in confirmed:
        for part in order.seller_orders:
            shipment_id = new_id("shp")
            rows.append((shipment_id, order.order_id, part.seller_order_id, part.seller_id, order.buyer_id))
            lines += [_line_row(shipment_id, position, line) for position, line in enumerate(part.lines)]
            causes[shipment_id] = cause
    if rows:
        for shipment in await shipments.create(tx, rows, lines):
            _tell(tx, shipment, causes[shipment.shipment_id])


def _line_row(shipment_id: str, position: int, line: OrderLine) -> tuple[object, ...]:
    texts = (line.title.fr, line.title.en)
    return line.line_id, shipment_id, position, line.offer_id, line.product_id, *texts, line.quantity


def _tell(tx: HotTransaction, shipment: Shipment, cause: Cause) -> None:
    event = ShipmentCreated(
        shipment_id=shipment.shipment_id,
        order_id=shipment.order_id,
        seller_order_id=shipment.seller_order_id,
        seller_id=shipment.seller_id,
        buyer_id=shipment.buyer_id,
    )
    outbox.add(tx, event, subject=shipment.shipment_id, sequence=shipment.sequence, cause=cause)
