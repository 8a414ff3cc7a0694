"""What messaging reads. A reaction is stored in the transaction of its batch; sending happens later, from the table."""

from collections.abc import Callable, Sequence

from chassis.consume import Handler, Received, Subscription
from chassis.db import HotTransaction
from contracts.event import Event
from contracts.identity import ACCOUNT
from contracts.logistics import SHIPMENT
from contracts.order import ORDER
from contracts.payment import PAYMENT, SETTLEMENT
from contracts.review import REVIEW
from messaging.consumers import accounts, money, orders, parcels, reviews
from messaging.domain.message import Reaction
from messaging.repository.reactions import store


def _handler(react: Callable[[Event], Reaction]) -> Handler:
    async def handle(tx: HotTransaction, events: Sequence[Received]) -> None:
        await store(tx, [(react(received.data), received.envelope.correlation_id) for received in events])

    return handle


SUBSCRIPTION = Subscription(
    group="messaging",
    gather_seconds=0.5,
    handlers={
        ACCOUNT: _handler(accounts.react),
        ORDER: _handler(orders.react),
        SHIPMENT: _handler(parcels.react),
        PAYMENT: _handler(money.react),
        SETTLEMENT: _handler(money.react),
        REVIEW: _handler(reviews.react),
    },
)
