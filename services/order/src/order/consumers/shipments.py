"""Shows on each seller order how far its parcel is."""

from collections.abc import Sequence

from chassis.consume import Received
from chassis.db import HotTransaction
from contracts.logistics import ShipmentCreated, ShipmentDelivered, ShipmentShipped
from order.repository import orders


async def on_shipments(tx: HotTransaction, batch: Sequence[Received]) -> None:
    """Keep the newest word on each parcel; steps on the way are logistics' to tell."""
    newest: dict[str, tuple[str, str, int]] = {}
    for received in batch:
        match received.data:
            case ShipmentCreated(seller_order_id=part_id):
                status = "preparing"
            case ShipmentShipped(seller_order_id=part_id):
                status = "shipped"
            case ShipmentDelivered(seller_order_id=part_id):
                status = "delivered"
            case _:
                continue
        newest[part_id] = max(
            newest.get(part_id, (part_id, status, 0)),
            (part_id, status, received.envelope.sequence),
            key=lambda row: row[2],
        )
    await orders.set_fulfilment(tx, [newest[part_id] for part_id in sorted(newest)])
