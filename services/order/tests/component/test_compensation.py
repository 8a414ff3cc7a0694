"""Whole orders, driven by what the neighbours say: every way back, and every answer that comes too late."""

from typing import Any

import pytest


async def _cancelled(world: Any, order_id: str, reason: str) -> None:
    shown = await world.order(order_id)
    assert (shown["state"], shown["status"], shown["reason"]) == ("cancelled", "cancelled", reason)
    last = (await world.sent())[-1]
    assert (last.data.type, last.data.reason) == ("order.order-cancelled.v1", reason)


async def _cancel(world: Any, order_id: str) -> Any:
    return await world.as_buyer().request("POST", f"/v1/orders/{order_id}/cancellation")


async def test_sold_out_stock_cancels_at_once_and_names_the_line(world: Any) -> None:
    order_id = await world.ordered()

    await world.say_for(order_id, "rejected")

    shown = await world.order(order_id)
    assert shown["shortages"] == [{"offer_id": "off_1", "requested": 2, "available": 1}]
    await _cancelled(world, order_id, "stock-rejected")


@pytest.mark.parametrize("answers", [("released", "voided"), ("voided", "released"), ("refunded", "released")])
async def test_payment_time_over_gives_everything_back_in_any_order(world: Any, answers: tuple[str, str]) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, "reserved", "action")
    await world.sent()

    await world.run_late(order_id)
    assert await world.sent_types() == ["catalog.release-stock.v1", "payment.cancel-payment.v1"]
    await world.say_for(order_id, answers[0])
    assert (await world.order(order_id))["state"] in ("voiding", "releasing")
    assert await world.sent_types() == []
    await world.say_for(order_id, answers[1])

    await _cancelled(world, order_id, "payment-expired")


async def test_buyer_cancels_while_stock_is_asked_for(world: Any) -> None:
    order_id = await world.ordered()
    await world.sent()

    answer = await _cancel(world, order_id)
    again = await _cancel(world, order_id)

    assert (answer.status, answer.json()["state"], again.status) == (202, "releasing", 202)
    assert await world.sent_types() == ["catalog.release-stock.v1"]
    await world.say_for(order_id, "reserved", "released")
    await _cancelled(world, order_id, "buyer-cancelled")


async def test_buyer_cancels_while_paying(world: Any) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, "reserved", "declined")
    await world.sent()

    assert (await _cancel(world, order_id)).status == 202

    await world.say_for(order_id, "released", "voided")
    await _cancelled(world, order_id, "buyer-cancelled")


@pytest.mark.parametrize("words", [("reserved", "authorised"), ("reserved", "authorised", "committed")])
async def test_past_the_pivot_cancelling_is_refused(world: Any, words: tuple[str, ...]) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, *words)
    before = await world.state(order_id)

    answer = await _cancel(world, order_id)

    assert (answer.status, answer.json()["code"]) == (409, "order-not-cancellable")
    assert await world.state(order_id) == before


async def test_commit_refused_voids_and_releases(world: Any) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, "reserved", "authorised", "expired")
    assert await world.state(order_id) == "committing", "the sweeper's notice does not decide, our commit's answer does"

    await world.say_for(order_id, "hold-gone")

    assert (await world.sent_types())[-2:] == ["catalog.release-stock.v1", "payment.cancel-payment.v1"]
    await world.say_for(order_id, "released", "voided")
    await _cancelled(world, order_id, "reservation-expired")


async def test_a_repeated_question_may_hear_that_the_hold_is_over_already(world: Any) -> None:
    order_id = await world.ordered()
    await world.run_late(order_id)
    await world.sent()

    await world.say_for(order_id, "hold-gone")

    assert await world.sent_types() == ["catalog.release-stock.v1"]
    await world.say_for(order_id, "released")
    await _cancelled(world, order_id, "reservation-expired")


@pytest.mark.parametrize("words", [("reserved",), ("reserved", "action"), ("reserved", "declined")])
async def test_a_hold_that_is_over_while_paying_gives_everything_back(world: Any, words: tuple[str, ...]) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, *words)

    await world.say_for(order_id, "hold-gone")

    assert (await world.sent_types())[-2:] == ["catalog.release-stock.v1", "payment.cancel-payment.v1"]


async def test_hold_that_ends_while_paying_cancels(world: Any) -> None:
    order_id = await world.ordered()

    await world.say_for(order_id, "reserved", "expired", "released", "voided")

    await _cancelled(world, order_id, "reservation-expired")


async def test_capture_that_definitely_failed_restocks(world: Any) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, "reserved", "authorised", "committed")

    await world.say_for(order_id, "capture-failed")

    assert (await world.sent_types())[-2:] == ["catalog.release-stock.v1", "payment.cancel-payment.v1"]
    await world.say_for(order_id, "released", "voided")
    await _cancelled(world, order_id, "payment-failed")


@pytest.mark.parametrize("words", [("reserved",), ("reserved", "authorised"), ("reserved", "authorised", "committed")])
async def test_money_given_up_by_the_provider_releases_stock_only(world: Any, words: tuple[str, ...]) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, *words)
    await world.sent()

    await world.say_for(order_id, "voided")

    assert await world.sent_types() == ["catalog.release-stock.v1"]
    await world.say_for(order_id, "released")
    await _cancelled(world, order_id, "payment-failed")


async def test_silent_catalog_is_asked_twice_then_released(world: Any) -> None:
    order_id = await world.ordered()
    (_, first) = await world.sent()

    await world.run_late(order_id)
    (second,) = await world.sent()
    assert (first.data.lines, first.data.type) == (second.data.lines, second.data.type)
    assert first.data.command_id != second.data.command_id
    await world.run_late(order_id)

    assert await world.sent_types() == ["catalog.release-stock.v1"]
    await world.say_for(order_id, "reserved", "released")
    await _cancelled(world, order_id, "reservation-expired")


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (("reserved", "authorised"), "catalog.commit-reservation.v1"),
        (("reserved", "authorised", "committed"), "payment.capture-payment.v1"),
    ],
)
async def test_after_the_pivot_commands_are_repeated_until_answered(world: Any, words: Any, command: str) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, *words)
    await world.sent()
    before = await world.state(order_id)

    for _ in range(4):
        await world.run_late(order_id)

    assert await world.sent_types() == [command] * 4
    assert await world.state(order_id) == before


async def test_a_compensation_asks_for_ever_with_growing_pauses(world: Any) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, "reserved")
    await world.run_late(order_id)
    await world.sent()

    pauses = []
    for _ in range(6):
        await world.run_late(order_id)
        (row,) = await world.rows("SELECT extract(epoch FROM deadline_at - clock_timestamp()) AS s FROM sagas")
        pauses.append(round(row["s"]))

    assert pauses == [30, 60, 120, 240, 300, 300]
    assert await world.sent_types() == ["catalog.release-stock.v1", "payment.cancel-payment.v1"] * 6
    await world.say_for(order_id, "released")
    await world.run_late(order_id)
    assert await world.sent_types() == ["payment.cancel-payment.v1"], "only what is still owed is asked for"


@pytest.mark.parametrize(
    ("late", "command"),
    [
        ("reserved", "catalog.release-stock.v1"),
        ("committed", "catalog.release-stock.v1"),
        ("authorised", "payment.cancel-payment.v1"),
        ("captured", "payment.cancel-payment.v1"),
    ],
)
async def test_answers_after_the_end_are_undone(world: Any, late: str, command: str) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, "rejected")
    await world.sent()

    await world.say_for(order_id, late)

    assert await world.sent_types() == [command]
    assert await world.state(order_id) == "cancelled"


@pytest.mark.parametrize("late", ["authorised", "captured"])
async def test_money_that_appears_while_releasing_is_owed_again(world: Any, late: str) -> None:
    order_id = await world.ordered()
    await _cancel(world, order_id)
    await world.sent()

    await world.say_for(order_id, late)
    assert await world.sent_types() == ["payment.cancel-payment.v1"]
    await world.say_for(order_id, "released")
    assert await world.state(order_id) == "voiding"
    await world.say_for(order_id, "refunded")

    await _cancelled(world, order_id, "buyer-cancelled")


async def test_a_confirmed_order_ignores_what_comes_late(world: Any) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, "reserved", "authorised", "committed", "captured")
    await world.sent()

    late = ("reserved", "authorised", "action", "declined", "committed", "captured", "expired", "voided", "released")
    await world.say_for(order_id, *late)
    await world.run_late(order_id)

    assert await world.sent_types() == []
    assert await world.state(order_id) == "confirmed"


async def test_an_answer_for_an_unknown_order_changes_nothing(world: Any) -> None:
    await world.say_for("ord_nobody", "reserved", "captured")

    assert await world.sent_types() == []


async def test_lines_come_back_into_the_cart_unless_the_buyer_cancelled(world: Any) -> None:
    order_id = await world.ordered()
    await world.put("off_1", 5)
    await world.say_for(order_id, "rejected")

    cart = await world.cart()
    quantities = {line["offer_id"]: line["quantity"] for part in cart["sellers"] for line in part["lines"]}
    assert quantities == {"off_1": 5, "off_2": 1}, "what was put there meanwhile wins"

    again = await world.check_out()
    await _cancel(world, again.json()["order_id"])
    await world.say_for(again.json()["order_id"], "released")
    assert (await world.cart())["sellers"] == []


async def test_command_ids_are_the_same_for_the_same_step(world: Any) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, "reserved", "authorised")

    commands = [told.data.command_id for told in await world.sent() if hasattr(told.data, "command_id")]

    assert len(set(commands)) == len(commands) == 3
    log = await world.rows("SELECT n, does FROM saga_log WHERE order_id = %s ORDER BY n", order_id)
    assert [row["n"] for row in log] == [1, 2, 3]
