"""What review reads from other services."""

from collections.abc import Sequence

from chassis.consume import Received, Subscription
from chassis.db import HotTransaction
from contracts.logistics import SHIPMENT, ShipmentDelivered
from review.service.reviews import open_reviews


async def on_shipments(tx: HotTransaction, batch: Sequence[Received]) -> None:
    await open_reviews(tx, [event.data for event in batch if isinstance(event.data, ShipmentDelivered)])


def subscriptions() -> list[Subscription]:
    return [Subscription(group="review", handlers={SHIPMENT: on_shipments}, gather_seconds=0.5)]
