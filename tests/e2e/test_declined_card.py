"""A declined card is not the end: another card pays the same order, and nothing is charged twice."""

import pytest
from e2e_kit import CARD, DECLINED_CARD, World, ask, keyed

from halles_local.client import buying

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]


async def test_after_a_decline_another_card_pays_the_same_order(world: World) -> None:
    first, second = world.shops[0], world.shops[1]
    wanted = {await world.offer(first, stock=3, price=1000): 1, await world.offer(second, stock=3, price=2345): 2}
    buyer = await world.buyer()

    declined = await world.order(buyer, wanted, DECLINED_CARD)
    order_id = declined["order_id"]
    assert (declined["status"], declined["payment_attempt"]) == ("declined", 1)
    assert declined["reason"]
    assert (await buyer.get(f"/v1/payments/{order_id}"))["decline_reason"]

    await buyer.post(f"/v1/orders/{order_id}/payment", {"payment_method": CARD}, wait=15)
    order = await buying.decided(buyer, order_id, wanted=("confirmed", "cancelled"))

    assert (order["status"], order["total"]["amount"], order["payment_attempt"]) == ("confirmed", 5690, 2)
    money = await world.operator.get(f"/v1/operator/orders/{order_id}/money")
    assert (money["charge"]["amount"]["amount"], money["balanced"]) == (5690, True)
    again = await ask(buyer, "POST", f"/v1/orders/{order_id}/payment", {"payment_method": CARD}, headers=keyed())
    assert (again.status, again.code) == (409, "payment-not-declined")
    await world.at_rest()


async def test_a_buyer_who_gives_up_after_a_decline_frees_the_goods(world: World) -> None:
    offer_id = await world.offer(world.shops[0], stock=1)
    buyer, next_buyer = await world.buyer(), await world.buyer()
    declined = await world.order(buyer, {offer_id: 1}, DECLINED_CARD)

    await buyer.post(f"/v1/orders/{declined['order_id']}/cancellation")
    await buying.decided(buyer, declined["order_id"], wanted=("cancelled",))
    order = await world.order(next_buyer, {offer_id: 1})

    assert order["status"] == "confirmed"
    await world.at_rest()
