"""Whole orders, driven by what the neighbours say: the way forward."""

from typing import Any


async def test_an_order_of_two_sellers_is_confirmed(world: Any) -> None:
    order_id = await world.ordered()
    assert await world.sent_types() == ["order.order-placed.v1", "catalog.reserve-stock.v1"]

    await world.say_for(order_id, "reserved")
    (authorise,) = await world.sent()
    assert authorise.data.amount.amount == 4450
    assert [share.amount.amount for share in authorise.data.shares] == [2000, 2450]
    assert (authorise.data.attempt, authorise.data.payment_method, authorise.sequence) == (1, "pm_card_visa", 1)

    await world.say_for(order_id, "authorised")
    assert await world.sent_types() == ["catalog.commit-reservation.v1"]
    await world.say_for(order_id, "committed")
    assert await world.sent_types() == ["payment.capture-payment.v1"]
    await world.say_for(order_id, "captured")

    (confirmed,) = await world.sent()
    assert confirmed.data.type == "order.order-confirmed.v1"
    assert confirmed.data.total.amount == sum(part.total.amount for part in confirmed.data.seller_orders) == 4450
    assert confirmed.data.ship_country == "fr"
    assert (await world.order(order_id))["status"] == "confirmed"
    assert await world.path(order_id) == ["reserving", "authorising", "committing", "capturing", "confirmed"]


async def test_sequences_count_per_topic_without_gaps(world: Any) -> None:
    order_id = await world.ordered()

    await world.say_for(order_id, "reserved", "authorised", "committed", "captured")

    by_topic: dict[str, list[int]] = {}
    for told in await world.sent():
        by_topic.setdefault(told.data.topic, []).append(told.sequence)
        assert told.subject == order_id
    assert by_topic == {
        "order.order.v1": [1, 2],
        "catalog.commands.v1": [1, 2],
        "payment.commands.v1": [1, 2],
    }


async def test_what_follows_from_an_answer_carries_its_correlation(world: Any) -> None:
    order_id = await world.ordered()
    placed = await world.sent()

    await world.say_for(order_id, "reserved")

    assert {told.correlation_id for told in placed} != {"req_test"}
    assert [told.correlation_id for told in await world.sent()] == ["req_test"]


async def test_three_d_secure_waits_for_the_buyer(world: Any) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, "reserved", "action")

    assert (await world.order(order_id))["status"] == "action-required"
    assert (await world.sent_types())[-1] == "order.payment-action-required.v1"
    await world.say_for(order_id, "authorised")

    assert await world.state(order_id) == "committing"


async def test_another_card_after_a_decline_on_the_same_order(world: Any) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, "reserved", "declined")
    shown = await world.order(order_id)
    assert (shown["status"], shown["reason"], shown["payment_attempt"]) == ("declined", "card_declined", 1)
    await world.sent()

    path, body = f"/v1/orders/{order_id}/payment", {"payment_method": "pm_card_mastercard"}
    key = {"idempotency-key": "second-card-1"}
    first = await world.as_buyer().request("POST", path, json=body, headers=key)
    again = await world.as_buyer().request("POST", path, json=body, headers=key)

    assert (first.status, again.status, again.body) == (202, 202, first.body)
    (authorise,) = await world.sent()
    assert (authorise.data.attempt, authorise.data.payment_method) == (2, "pm_card_mastercard")
    await world.say_for(order_id, "declined", "action")
    assert await world.state(order_id) == "authorising", "answers about the first card change nothing"
    await world.say_for(order_id, "authorised", "committed", "captured")
    assert await world.state(order_id) == "confirmed"


async def test_another_card_without_a_decline_is_refused(world: Any) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, "reserved")

    answer = await world.as_buyer().request(
        "POST",
        f"/v1/orders/{order_id}/payment",
        json={"payment_method": "pm_card_visa"},
        headers={"idempotency-key": "too-early-1"},
    )

    assert (answer.status, answer.json()["code"]) == (409, "payment-not-declined")


async def test_answers_in_one_batch_equal_answers_one_by_one(world: Any) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, "reserved")

    await world.say_for(order_id, "action", "declined", "authorised", one_by_one=False)

    assert await world.path(order_id) == ["reserving", "authorising", "action-required", "declined", "committing"]
    assert (await world.sent_types())[3:] == [
        "order.payment-action-required.v1",
        "order.payment-declined.v1",
        "catalog.commit-reservation.v1",
    ]
