"""The process is killed at every step and the work comes again: the state is as if nothing had happened (reliability.md 2.4)."""

import asyncio
import pickle
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from contracts.ids import new_id
from testkit import Tape, deliver

CHILD = Path(__file__).with_name("dying_service.py")
FORWARD = ("reserved", "authorised", "committed", "captured")
STATES = ("authorising", "committing", "capturing", "confirmed")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def mortal() -> AsyncIterator[asyncio.subprocess.Process]:
    """Forks a service that dies, as often as it is told to."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, str(CHILD), stdin=pipe, stdout=pipe)
    yield process
    process.stdin.close()  # type: ignore[union-attr]
    await process.wait()


Die = Callable[..., Awaitable[None]]


@pytest.fixture
def die(world: Any, mortal: Any) -> Die:
    """``await die("saga.committing", records=[…])``: the work is begun by a process that is killed at that point."""

    async def at(point: str, **work: Any) -> None:
        mortal.stdin.write(pickle.dumps({"point": point, "address": world.db._url, **work}))
        await mortal.stdin.drain()
        while not (line := (await mortal.stdout.readline()).decode()).startswith("exit "):
            assert line, "the forking process ended"
        assert line == "exit 137\n"

    return at


def _record(world: Any, order_id: str, word: str) -> Any:
    return Tape().record(world.word(order_id, word), order_id, FORWARD.index(word) + 1)


@pytest.mark.parametrize(
    ("step", "point"),
    [*((step, f"saga.{state}") for step, state in enumerate(STATES)), (3, "consumer.before_commit")],
)
async def test_killed_before_the_commit_leaves_no_trace(world: Any, die: Die, step: int, point: str) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, *FORWARD[:step])
    before, _ = await world.state(order_id), await world.sent()
    record = _record(world, order_id, FORWARD[step])

    await die(point, records=[record])
    assert (await world.state(order_id), await world.sent()) == (before, [])
    await deliver(world.db, world.answers, [record])

    assert await world.state(order_id) == STATES[step]
    assert len(await world.sent()) == 1


async def test_killed_after_the_commit_does_nothing_twice(world: Any, die: Die) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, *FORWARD[:-1])
    await world.sent()
    record = _record(world, order_id, FORWARD[-1])

    await die("consumer.after_commit", records=[record])
    assert await world.state(order_id) == STATES[-1]
    await deliver(world.db, world.answers, [record])

    assert len(await world.sent()) == 1


async def test_killed_while_placing_leaves_the_cart_and_the_retry_makes_one_order(world: Any, die: Die) -> None:
    await world.sell(world.offer("off_1"))
    version, key = (await world.put("off_1")).json()["version"], new_id("key")
    body = {"cart_version": version, "payment_method": "pm_card_visa", "shipping_address": world.address}
    request = {"method": "POST", "path": "/v1/checkouts", "json": body, "headers": {"idempotency-key": key}}

    await die("checkout.before_commit", request=request)
    assert (await world.rows("SELECT * FROM orders"), len((await world.cart())["sellers"])) == ([], 1)
    await die("checkout.after_commit", request=request)
    answer = await world.as_buyer().request(**request)

    assert (answer.status, answer.headers["idempotent-replayed"]) == (202, "true")
    assert len(await world.rows("SELECT * FROM orders")) == 1
    assert await world.sent_types() == ["order.order-placed.v1", "catalog.reserve-stock.v1"]


async def test_killed_while_compensating_is_taken_up_by_the_next_deadline(world: Any, die: Die) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, "reserved")
    await world.sent()
    await world.execute("UPDATE sagas SET deadline_at = clock_timestamp()")

    await die("saga.compensating", deadlines=True)
    assert (await world.state(order_id), await world.sent()) == ("authorising", [])
    await world.run_late(order_id)

    assert await world.sent_types() == ["catalog.release-stock.v1", "payment.cancel-payment.v1"]
    await world.say_for(order_id, "released", "voided")
    assert await world.state(order_id) == "cancelled"


async def test_an_orchestrator_that_was_dead_for_an_hour_compensates(world: Any) -> None:
    order_id = await world.ordered()
    await world.say_for(order_id, "reserved")
    await world.execute("UPDATE sagas SET deadline_at = clock_timestamp() - interval '1 hour'")

    await world.run_late(order_id)
    await world.say_for(order_id, "expired", "released", "voided")

    assert await world.state(order_id) == "cancelled"
