"""Which topics this service reads, in which groups."""

from collections.abc import Sequence

from chassis.consume import Received, Subscription
from chassis.db import HotTransaction
from contracts import catalog, identity, logistics, payment
from order.consumers.answers import happening_of
from order.consumers.market import on_offers, on_sellers
from order.consumers.shipments import on_shipments
from order.saga.process import advance
from order.saga.table import Patience

_MARKET_SECONDS = 0.25
"""A checkout asks catalog itself for units; what is shown before may be so old."""


def subscriptions(patience: Patience) -> tuple[Subscription, Subscription]:
    """One group for what happens once, one for projections, which may be replayed."""

    async def on_answers(tx: HotTransaction, batch: Sequence[Received]) -> None:
        happenings = [found for received in batch if (found := happening_of(received)) is not None]
        await advance(tx, happenings, patience)

    answers = Subscription(
        group="order",
        handlers={catalog.STOCK: on_answers, payment.PAYMENT: on_answers, logistics.SHIPMENT: on_shipments},
    )
    projections = Subscription(
        group="order.market",
        handlers={catalog.OFFER: on_offers, identity.SELLER: on_sellers},
        replays=True,
        gather_seconds=_MARKET_SECONDS,
    )
    return answers, projections
