"""Types that a topic's file does not list for a group never reach its code, nor its database."""

from collections.abc import Sequence

import pytest

from chassis.consume import Consumer, Received, Subscription
from chassis.db import Database, HotTransaction
from contracts.order import ORDER, OrderCancelled, OrderPaymentDeclined
from testkit import Tape


async def nothing(tx: HotTransaction, batch: Sequence[Received]) -> None:
    """A handler that is never reached."""


def consumer() -> Consumer:
    """Over a database that was never opened: any use of it is an error."""
    subscription = Subscription(group="messaging", handlers={ORDER: nothing})
    return Consumer(Database("postgresql://unused", name="unused"), subscription)


async def test_a_batch_of_unwanted_types_opens_no_transaction() -> None:
    told = OrderPaymentDeclined(order_id="ord_1", buyer_id="acc_1", reason="card_declined")

    await consumer().process([Tape().record(told, "ord_1", 1)])


async def test_a_listed_type_is_not_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    async def claim(self: Consumer, entries: Sequence[object]) -> None:
        seen.extend(entries)

    monkeypatch.setattr(Consumer, "_patiently", claim)
    told = OrderCancelled(order_id="ord_1", buyer_id="acc_1", reason="buyer")

    await consumer().process([Tape().record(told, "ord_1", 1)])

    assert len(seen) == 1
