"""From events to figures. Every handler logs the envelopes of its batch, then counts what it knows."""

from collections.abc import Awaitable, Callable, Sequence

from analytics import repository
from chassis.consume import Received
from chassis.db import HotTransaction
from contracts.gateway import PageViewed, SearchPerformed
from contracts.identity import SellerState
from contracts.order import OrderConfirmed
from contracts.payment import SettlementAccrued, SettlementCancelled, SettlementReleased, SettlementTransferred

Projector = Callable[[HotTransaction, Sequence[Received]], Awaitable[None]]


def projector(timezone: str) -> Projector:
    """The handler of every topic; a day begins at midnight in ``timezone``."""

    async def project(tx: HotTransaction, batch: Sequence[Received]) -> None:
        await repository.log_events(tx, batch)
        await _sales(tx, batch, timezone)
        await _activity(tx, batch, timezone)
        for event in batch:
            await _one(tx, event, timezone)

    return project


async def _sales(tx: HotTransaction, batch: Sequence[Received], timezone: str) -> None:
    rows = [
        (
            line.line_id,
            order.order_id,
            part.seller_order_id,
            part.seller_id,
            line.category_id,
            line.product_id,
            line.quantity,
            line.amount.amount,
            line.amount.currency,
            event.envelope.time,
        )
        for event in batch
        if isinstance(order := event.data, OrderConfirmed)
        for part in order.seller_orders
        for line in part.lines
    ]
    await repository.add_sales(tx, rows, timezone=timezone)
    buyers = [
        (order.order_id, order.buyer_id, event.envelope.time)
        for event in batch
        if isinstance(order := event.data, OrderConfirmed)
    ]
    await repository.add_buyers(tx, buyers, timezone=timezone)


async def _activity(tx: HotTransaction, batch: Sequence[Received], timezone: str) -> None:
    seen = [event.data for event in batch if isinstance(event.data, PageViewed)]
    searches = [
        (asked.query.strip().lower()[:200], asked.locale, asked.hits, asked.at)
        for event in batch
        if isinstance(asked := event.data, SearchPerformed)
    ]
    await repository.count_views(tx, [(one.page, one.at) for one in seen], timezone=timezone)
    await repository.add_visits(tx, [(one.page, one.visit_id, one.at) for one in seen], timezone=timezone)
    await repository.count_searches(tx, searches, timezone=timezone)


async def _one(tx: HotTransaction, event: Received, timezone: str) -> None:
    at, sequence = event.envelope.time, event.envelope.sequence
    match event.data:
        case SettlementAccrued(seller_order_id=part, order_id=order, seller_id=seller, gross=gross) as accrued:
            amounts = (gross.amount, accrued.commission.amount, accrued.net.amount, gross.currency)
            await repository.add_settlement(tx, (part, order, seller, *amounts, sequence, at), timezone=timezone)
        case SettlementReleased(seller_order_id=part, order_id=order, seller_id=seller, net=net):
            row = (part, order, seller, net.currency, "released", sequence, at)
            await repository.set_settlement(tx, row, timezone=timezone)
        case SettlementTransferred(seller_order_id=part, order_id=order, seller_id=seller, net=net):
            row = (part, order, seller, net.currency, "transferred", sequence, at)
            await repository.set_settlement(tx, row, timezone=timezone)
        case SettlementCancelled(seller_order_id=part, order_id=order, seller_id=seller):
            row = (part, order, seller, "EUR", "cancelled", sequence, at)
            await repository.set_settlement(tx, row, timezone=timezone)
        case SellerState(seller_id=seller, name=name, handle=handle):
            await repository.set_seller(tx, seller_id=seller, name=name, handle=handle, sequence=sequence)
        case _:
            return
