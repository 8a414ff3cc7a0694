"""What this service hears: orders that are placed and confirmed."""

from collections.abc import Sequence

from chassis.consume import Received, Subscription
from chassis.db import HotTransaction
from contracts.order import ORDER, OrderConfirmed, OrderPlaced
from logistics.repository.shipments import know_orders
from logistics.service.creation import create_shipments


async def on_orders(tx: HotTransaction, batch: Sequence[Received]) -> None:
    """Know whose orders there are, and make the parcels of the confirmed ones.

    Cancellations are not read: only orders that were never confirmed are cancelled, so there is no parcel to stop.
    """
    known: list[OrderPlaced | OrderConfirmed] = []
    confirmed = []
    for received in batch:
        match received.data:
            case OrderPlaced() as placed:
                known.append(placed)
            case OrderConfirmed() as order:
                known.append(order)
                confirmed.append((order, received.cause))
            case _:
                continue
    await know_orders(tx, known)
    await create_shipments(tx, confirmed)


SUBSCRIPTION = Subscription(group="logistics", handlers={ORDER: on_orders}, gather_seconds=0.25)
