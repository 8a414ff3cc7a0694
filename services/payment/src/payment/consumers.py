"""What other services tell payment."""

from collections.abc import Sequence

from chassis.consume import Received, Subscription
from chassis.db import HotTransaction, after_commit
from chassis.failures import DependencyFailed
from contracts.identity import SELLER, SellerState
from contracts.logistics import SHIPMENT, ShipmentDelivered
from contracts.order import ORDER, OrderPlaced
from contracts.payment import COMMANDS, AuthorisePayment, CancelPayment, CapturePayment
from payment.repository import payout_accounts, settlements
from payment.service.commands import authorise_payment, cancel_payment, capture_payment
from payment.service.placement import freeze_terms
from payment.service.progress import Desk, lock
from payment.wakes import Wakes, later


def subscription(desk: Desk, *, wakes: Wakes, commission_basis_points: int, hold_seconds: int) -> Subscription:
    """Build the consumer group. ``hold_seconds`` runs from the delivery to the release of the seller's money."""

    async def on_commands(tx: HotTransaction, batch: Sequence[Received]) -> None:
        locked = await lock(tx, desk, [_order_of(received) for received in batch])
        for received in batch:
            match received.data:
                case AuthorisePayment() as command:
                    await authorise_payment(locked, command)
                case CapturePayment() as command:
                    await capture_payment(locked, command)
                case CancelPayment() as command:
                    await cancel_payment(locked, command)
        await locked.hand_over()

    async def on_orders(tx: HotTransaction, batch: Sequence[Received]) -> None:
        placed = [received.data for received in batch if isinstance(received.data, OrderPlaced)]
        if placed:
            await freeze_terms(tx, desk, placed, rate_basis_points=commission_basis_points)

    async def on_shipments(tx: HotTransaction, batch: Sequence[Received]) -> None:
        delivered = [
            (received.data.seller_order_id, received.data.delivered_at, received.envelope.correlation_id)
            for received in batch
            if isinstance(received.data, ShipmentDelivered)
        ]
        if not delivered:
            return
        unknown = await settlements.record_deliveries(tx, delivered, hold_seconds=hold_seconds)
        if unknown:
            raise DependencyFailed(f"delivered before the order was told: {', '.join(sorted(unknown))}")
        after_commit(tx, later(wakes.settlements, seconds=hold_seconds))

    async def on_sellers(tx: HotTransaction, batch: Sequence[Received]) -> None:
        rows = [
            (state.seller_id, state.name, state.country, state.status == "open", received.envelope.sequence)
            for received in batch
            if isinstance(state := received.data, SellerState)
        ]
        await payout_accounts.project_sellers(tx, rows)
        after_commit(tx, wakes.accounts)

    handlers = {COMMANDS: on_commands, ORDER: on_orders, SHIPMENT: on_shipments, SELLER: on_sellers}
    return Subscription(group="payment", handlers=handlers)


def _order_of(received: Received) -> str:
    order_id: str = getattr(received.data, "order_id", received.envelope.subject)
    return order_id
