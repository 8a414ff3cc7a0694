"""One order per key, through the gateway, one after the other and all at once."""

import asyncio
from uuid import uuid4

import pytest
from e2e_kit import ADDRESS, CARD, World, ask, keyed

from halles_local.client import buying
from halles_local.client.api import Caller

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]


async def checkout_of(world: World, buyer: Caller) -> dict[str, object]:
    offer_id = await world.offer(world.shops[0], stock=5)
    cart = await buying.put_in_cart(buyer, offer_id, 1)
    return {"cart_version": cart["version"], "payment_method": CARD, "shipping_address": ADDRESS}


async def test_the_same_checkout_twice_is_one_order(world: World) -> None:
    buyer, key = await world.buyer(), uuid4().hex
    body = await checkout_of(world, buyer)

    first = await ask(buyer, "POST", "/v1/checkouts", body, headers=keyed(key))
    again = await ask(buyer, "POST", "/v1/checkouts", body, headers=keyed(key))
    other = await ask(buyer, "POST", "/v1/checkouts", {**body, "cart_version": 99}, headers=keyed(key))

    assert (first.status, again.status, again.body["order_id"]) == (202, 202, first.body["order_id"])
    assert again.headers["idempotent-replayed"] == "true"
    assert (other.status, other.code) == (422, "idempotency-key-reused")
    await buying.decided(buyer, first.body["order_id"], wanted=("confirmed",))
    assert len((await buyer.get("/v1/orders"))["items"]) == 1
    await world.at_rest()


async def test_twenty_clicks_at_once_are_one_order(world: World) -> None:
    buyer, key = await world.buyer(), uuid4().hex
    body = await checkout_of(world, buyer)

    replies = await asyncio.gather(*(ask(buyer, "POST", "/v1/checkouts", body, headers=keyed(key)) for _ in range(20)))

    orders = {reply.body["order_id"] for reply in replies if reply.status == 202}
    assert len(orders) == 1
    assert {(reply.status, reply.code) for reply in replies if reply.status != 202} <= {(409, "idempotency-in-flight")}
    await buying.decided(buyer, orders.pop(), wanted=("confirmed",))
    assert len((await buyer.get("/v1/orders"))["items"]) == 1
    await world.at_rest()


async def test_two_checkouts_of_one_cart_with_two_keys_are_one_order(world: World) -> None:
    buyer = await world.buyer()
    body = await checkout_of(world, buyer)

    replies = await asyncio.gather(*(ask(buyer, "POST", "/v1/checkouts", body, headers=keyed()) for _ in range(5)))

    assert sorted(reply.status for reply in replies) == [202, 409, 409, 409, 409]
    assert {reply.code for reply in replies if reply.status == 409} <= {"cart-changed", "empty-cart"}


async def test_the_key_of_somebody_else_is_no_key_to_their_order(world: World) -> None:
    buyer, stranger, key = await world.buyer(), await world.buyer(), uuid4().hex
    body = await checkout_of(world, buyer)
    mine = await ask(buyer, "POST", "/v1/checkouts", body, headers=keyed(key))

    theirs = await ask(stranger, "POST", "/v1/checkouts", body, headers=keyed(key))

    assert mine.status == 202
    assert (theirs.status, "order_id" in theirs.body) == (409, False)


@pytest.mark.parametrize("key", [None, "short", "with space in it", "x" * 129])
async def test_a_checkout_without_a_proper_key_is_refused(world: World, key: str | None) -> None:
    (buyer,) = await world.buyers(1)
    body = {"cart_version": 0, "payment_method": CARD, "shipping_address": ADDRESS}

    refused = await ask(buyer, "POST", "/v1/checkouts", body, headers={} if key is None else {"Idempotency-Key": key})

    assert refused.status == 400
    assert refused.code in ("idempotency-key-missing", "idempotency-key-malformed")
