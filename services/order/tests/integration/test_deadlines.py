"""Deadlines by the database's clock, shared by replicas."""

import asyncio
from typing import Any

from prometheus_client import REGISTRY


async def test_what_is_not_due_is_left_alone(world: Any) -> None:
    order_id = await world.ordered()
    await world.sent()

    more = await world.loops["deadlines"]._work()

    assert (more, await world.sent(), await world.state(order_id)) == (False, [], "reserving")


async def test_replicas_share_the_work_and_each_deadline_acts_once(world: Any) -> None:
    for _ in range(12):
        await world.ordered()
    await world.sent()
    await world.execute("UPDATE sagas SET deadline_at = clock_timestamp()")

    await asyncio.gather(*[world.loops["deadlines"]._work() for _ in range(6)])

    assert await world.sent_types() == ["catalog.reserve-stock.v1"] * 12
    assert await world.rows("SELECT DISTINCT state FROM sagas") == [{"state": "reserving-again"}]


async def test_an_answer_and_a_deadline_at_once_leave_one_of_two_legal_histories(world: Any) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, "reserved")
    await world.sent()
    await world.execute("UPDATE sagas SET deadline_at = clock_timestamp()")

    await asyncio.gather(world.loops["deadlines"]._work(), world.say_for(order_id, "authorised"))

    types = await world.sent_types()
    undone = ["catalog.release-stock.v1", "payment.cancel-payment.v1"]
    assert (await world.state(order_id), types) in (
        ("committing", ["catalog.commit-reservation.v1"]),
        ("compensating", undone),
    )


async def test_a_compensation_that_takes_too_long_is_shown_to_operators(world: Any) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, "reserved")
    await world.run_late(order_id)
    await world.loops["compensations"]._work()
    assert REGISTRY.get_sample_value("halles_saga_compensation_stuck") == 0

    await world.execute("UPDATE sagas SET compensating_since = clock_timestamp() - interval '61 minutes'")
    await world.loops["compensations"]._work()

    assert REGISTRY.get_sample_value("halles_saga_compensation_stuck") == 1
    await world.say_for(order_id, "released", "voided")
    await world.loops["compensations"]._work()
    assert REGISTRY.get_sample_value("halles_saga_oldest_compensation_seconds") == 0


async def test_what_a_deadline_sends_belongs_to_the_checkout_that_began_it(world: Any) -> None:
    order_id = await world.ordered()
    placed = await world.sent()

    await world.run_late(order_id)

    assert {told.correlation_id for told in await world.sent()} == {told.correlation_id for told in placed}
