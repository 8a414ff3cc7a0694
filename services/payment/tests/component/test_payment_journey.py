"""One order of two sellers, from the card to both transfers."""

from typing import Any

from contracts.payment import SettlementAccrued
from testkit import operator

GROSS_A, GROSS_B = 2490, 3200
NET_A, NET_B = 2241, 2880
STRIPE_FEE = 110
"""1.5 % of 5690 and 25 cents: the stand-in's own figure."""


async def test_two_sellers_are_paid_to_the_cent(rig: Any, make: Any) -> None:
    order = make.order(("sel_a", GROSS_A), ("sel_b", GROSS_B))
    await rig.open_seller("sel_a", "sel_b")

    await rig.paid(order)
    for part in order.parts:
        await rig.tell(make.delivered(order, part))
        await _release(rig, part.seller_order_id)
    for part in order.parts:
        await rig.until(part.seller_order_id, "SettlementAccrued", "SettlementReleased", "SettlementTransferred")

    sums = (await rig.standin.book(order.order_id))["groups"][f"order_{order.order_id}"]
    assert (sums["charged"], sums["transferred"], sums["kept"]) == (5690, NET_A + NET_B, 569)
    assert [row.data.net.amount for row in await rig.told(SettlementAccrued)] == [NET_A, NET_B]
    assert await rig.balances() == {
        "stripe.pending": 5690 - STRIPE_FEE - NET_A - NET_B,
        "expense.processing": STRIPE_FEE,
        "revenue.commission": 569,
        "custody.sel_a.stripe": NET_A,
        "custody.sel_a.owed": NET_A,
        "custody.sel_b.stripe": NET_B,
        "custody.sel_b.owed": NET_B,
    }


async def _release(rig: Any, seller_order_id: str) -> None:
    api = rig.api.acting_as(operator())
    answer = await api.request("POST", f"/v1/operator/settlements/{seller_order_id}/release")
    assert answer.status == 200


async def test_many_orders_at_once_do_not_wait_for_a_poll(rig: Any, make: Any) -> None:
    """More calls than places: each place that becomes free is filled at once, not five seconds later."""
    orders = [make.order() for _ in range(40)]
    await rig.tell(*(event for order in orders for event in (order.placed(), order.authorise())), twice=False)

    for order in orders:
        await rig.until(order.order_id, "PaymentAuthorised", seconds=15)

    tries = await rig.rows("SELECT DISTINCT tries FROM payment_operations")
    waited = await rig.rows(
        "SELECT max(extract(epoch FROM sent_at - planned_at))::int AS seconds FROM payment_operations"
    )
    assert (tries, waited[0]["seconds"] < 5) == ([{"tries": 1}], True)
