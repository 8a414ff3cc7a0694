"""One hundred buyers for the last unit: one gets it, ninety-nine are told which line is gone."""

import asyncio
from typing import Any

import pytest
from e2e_kit import ADDRESS, CARD, Reply, World, ask, empty_cart, keyed

from halles_local.client import buying
from halles_local.client.api import Caller

pytestmark = [pytest.mark.stack, pytest.mark.timeout(180)]
BUYERS = 100


async def body_for(buyer: Caller, offer_id: str) -> dict[str, Any]:
    await empty_cart(buyer)
    cart = await buying.put_in_cart(buyer, offer_id, 1)
    return {"cart_version": cart["version"], "payment_method": CARD, "shipping_address": ADDRESS}


async def test_one_hundred_buyers_for_the_last_unit(world: World) -> None:
    offer_id = await world.offer(world.shops[2], stock=1)
    crowd = await world.buyers(BUYERS)
    bodies = await asyncio.gather(*(body_for(buyer, offer_id) for buyer in crowd))

    replies: list[Reply] = await asyncio.gather(
        *(ask(buyer, "POST", "/v1/checkouts", body, headers=keyed()) for buyer, body in zip(crowd, bodies, strict=True))
    )

    accepted = [(buyer, reply) for buyer, reply in zip(crowd, replies, strict=True) if reply.status == 202]
    refused = [reply for reply in replies if reply.status != 202]
    world.acknowledged += [reply.body["order_id"] for _, reply in accepted]
    ended = await asyncio.gather(
        *(buying.decided(buyer, reply.body["order_id"], wanted=("confirmed", "cancelled")) for buyer, reply in accepted)
    )
    losers = [order for order in ended if order["status"] == "cancelled"]
    assert [order["status"] for order in ended].count("confirmed") == 1
    assert len(losers) + len(refused) == BUYERS - 1
    for order in losers:
        assert [line["offer_id"] for line in order["shortages"]] == [offer_id]
        assert (order["shortages"][0]["requested"], order["shortages"][0]["available"]) == (1, 0)
    for reply in refused:
        assert (reply.status, reply.code) in {(409, "cart-changed"), (409, "offer-unavailable")}
        assert any(offer_id in pointer for pointer in reply.pointers), reply.body
    (left,) = (await world.operator.get(f"/v1/offers?ids={offer_id}"))["items"]
    assert left["available"] == 0
    await world.at_rest()


async def test_a_line_that_is_gone_takes_nothing_from_the_other_seller(world: World) -> None:
    gone, other = await world.offer(world.shops[0], stock=1), await world.offer(world.shops[1], stock=5)
    quick, slow = await world.buyers(2)
    await empty_cart(slow)
    for offer_id in (gone, other):
        await buying.put_in_cart(slow, offer_id, 1)
    shown = await slow.get("/v1/cart")
    assert (await world.order(quick, {gone: 1}))["status"] == "confirmed"

    body = {"cart_version": shown["version"], "payment_method": CARD, "shipping_address": ADDRESS}
    reply = await ask(slow, "POST", "/v1/checkouts", body, headers=keyed())

    if reply.status == 202:
        order = await buying.decided(slow, reply.body["order_id"], wanted=("cancelled",))
        assert [line["offer_id"] for line in order["shortages"]] == [gone]
    else:
        assert (reply.status, any(gone in pointer for pointer in reply.pointers)) == (409, True), reply.body
    (kept,) = (await world.operator.get(f"/v1/offers?ids={other}"))["items"]
    assert kept["available"] == 5
    lines = [line["offer_id"] for part in (await slow.get("/v1/cart"))["sellers"] for line in part["lines"]]
    assert sorted(lines) == sorted([gone, other])
    await world.at_rest()
