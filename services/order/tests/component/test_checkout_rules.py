"""What a checkout refuses, and what a repeated one gets."""

import asyncio
from typing import Any

import pytest

from contracts.ids import new_id


async def _filled(world: Any) -> int:
    await world.sell(world.offer("off_1"), world.offer("off_2", seller_id="sel_b"))
    await world.put("off_1", 2)
    return int((await world.put("off_2", 1)).json()["version"])


async def _orders(world: Any) -> int:
    (row,) = await world.rows("SELECT count(*) AS n FROM orders")
    return int(row["n"])


async def test_the_same_key_gives_the_same_order(world: Any) -> None:
    version = await _filled(world)
    key = new_id("key")

    first = await world.check_out(key=key, version=version)
    again = await world.check_out(key=key, version=version)

    assert (first.status, again.status, again.body) == (202, 202, first.body)
    assert again.headers["idempotent-replayed"] == "true"
    assert await _orders(world) == 1
    assert len(await world.sent()) == 2


async def test_the_same_key_for_another_checkout_is_refused(world: Any) -> None:
    version = await _filled(world)
    key = new_id("key")
    await world.check_out(key=key, version=version)

    answer = await world.check_out(key=key, version=version, payment_method="pm_other")

    assert (answer.status, answer.json()["code"]) == (422, "idempotency-key-reused")


async def test_a_checkout_without_a_key_is_refused(world: Any) -> None:
    answer = await world.as_buyer().request("POST", "/v1/checkouts", json={})

    assert (answer.status, answer.json()["code"]) in ((400, "idempotency-key-missing"), (422, "invalid-request"))
    assert await _orders(world) == 0


async def test_twenty_checkouts_at_once_with_one_key_make_one_order(world: Any) -> None:
    version = await _filled(world)
    key = new_id("key")

    answers = await asyncio.gather(*[world.check_out(key=key, version=version) for _ in range(20)])

    assert {answer.status for answer in answers} <= {202, 409}
    assert len({answer.json()["order_id"] for answer in answers if answer.status == 202}) == 1
    assert await _orders(world) == 1


async def test_two_checkouts_at_once_with_two_keys_sell_the_cart_once(world: Any) -> None:
    version = await _filled(world)

    answers = await asyncio.gather(*[world.check_out(version=version) for _ in range(8)])

    assert sorted(answer.status for answer in answers) == [202] + [409] * 7
    assert {answer.json()["code"] for answer in answers if answer.status == 409} == {"empty-cart"}
    assert await _orders(world) == 1


async def test_the_cart_is_empty_after_placement(world: Any) -> None:
    await world.ordered()

    cart = await world.cart()

    assert (cart["sellers"], cart["total"]["amount"]) == ([], 0)


async def test_an_empty_cart_cannot_be_bought(world: Any) -> None:
    answer = await world.check_out(version=0)

    assert (answer.status, answer.json()["code"]) == (409, "empty-cart")


async def test_a_cart_that_changed_elsewhere_names_the_line(world: Any) -> None:
    version = await _filled(world)
    await world.put("off_2", 3)

    answer = await world.check_out(version=version)

    assert (answer.status, answer.json()["code"]) == (409, "cart-changed")
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("/lines/off_2", "line-changed")]
    assert await _orders(world) == 0


async def test_a_price_that_was_never_shown_is_never_charged(world: Any) -> None:
    version = await _filled(world)
    await world.sell(world.offer("off_1", price=1001))

    refused = await world.check_out(version=version)
    shown = await world.cart()
    accepted = await world.check_out(version=shown["version"])

    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [("/lines/off_1", "price-changed")]
    assert refused.json()["code"] == "cart-changed"
    assert accepted.status == 202
    assert (await world.order(accepted.json()["order_id"]))["total"]["amount"] == 2 * 1001 + 1000


@pytest.mark.parametrize(
    ("change", "code"),
    [({"available": 0}, "sold-out"), ({"available": 1}, "insufficient-stock"), ({"status": "paused"}, "paused")],
)
async def test_lines_that_cannot_be_bought_are_named(world: Any, change: Any, code: str) -> None:
    version = await _filled(world)
    await world.sell(world.offer("off_1", **change))

    answer = await world.check_out(version=version)

    assert (answer.status, answer.json()["code"]) == (409, "offer-unavailable")
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("/lines/off_1", code)]
    assert await _orders(world) == 0


async def test_another_currency_is_never_mixed_in(world: Any) -> None:
    dollars = world.offer("off_1").price.model_copy(update={"currency": "USD"})
    await world.sell(world.offer("off_1", price=10).model_copy(update={"price": dollars}))

    answer = await world.put("off_1")

    assert (answer.status, answer.json()["problem"]) == (409, "other-currency")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"shipping_address": {"name": "Zoé"}}, "/shipping_address/line1"),
        ({"payment_method": "4242 4242 4242 4242"}, "/payment_method"),
        ({"cart_version": -1}, "/cart_version"),
        ({"cart_version": "1"}, "/cart_version"),
        ({"gift": True}, "/gift"),
    ],
)
async def test_malformed_checkouts_point_at_the_field(world: Any, change: Any, pointer: str) -> None:
    version = await _filled(world)

    answer = await world.check_out(version=version, **change)

    assert answer.status == 422
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


@pytest.mark.parametrize("text", ["a\x00b", "a\nb", "   ", "x" * 121])
async def test_addresses_hold_printable_text_only(world: Any, text: str) -> None:
    version = await _filled(world)
    address = {"name": text, "line1": "1 rue", "postal_code": "69003", "city": "Lyon", "country": "FR"}

    answer = await world.check_out(version=version, shipping_address=address)

    assert [error["pointer"] for error in answer.json()["errors"]] == ["/shipping_address/name"]


async def test_a_guest_has_to_sign_in_to_buy(world: Any) -> None:
    answer = await world.check_out(by=world.as_guest(), version=1)

    assert answer.status == 401


async def test_the_address_stays_out_of_every_event(world: Any) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, "reserved", "authorised", "committed", "captured")

    published = " ".join(told.data.model_dump_json() for told in await world.sent())

    for private in ("Martin", "Lilas", "69003", "Lyon"):
        assert private not in published


async def test_one_more_of_a_hundred_buyers_is_told_that_the_last_unit_is_gone(world: Any) -> None:
    await world.sell(world.offer("off_last", available=1))
    buyers = [world.as_buyer(f"acc_{n}") for n in range(20)]
    for one in buyers:
        await world.put("off_last", by=one)
    placed = [(await world.check_out(by=one)).json()["order_id"] for one in buyers]

    await world.say_for(placed[0], "reserved")
    for order_id in placed[1:]:
        await world.say_for(order_id, "rejected")

    states = await world.rows("SELECT state, count(*) AS n FROM sagas GROUP BY state ORDER BY state")
    assert states == [{"state": "authorising", "n": 1}, {"state": "cancelled", "n": 19}]
