"""When a process should be killed because of its consumers, and when not."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from aiokafka import TopicPartition

from chassis import worker as module
from chassis.consume import Received, Subscription
from chassis.db import Database, HotTransaction
from chassis.worker import Worker


@dataclass
class Taken:
    topic: str = "spine.one.v1"
    partition: int = 0
    offset: int = 1
    timestamp: int = 1_000


class End:
    def highwater(self, partition: TopicPartition) -> int | None:
        return 2


async def nothing(tx: HotTransaction, batch: Sequence[Received]) -> None:
    """A handler that does nothing with its batch."""


@pytest.fixture
def worker() -> Worker:
    subscription = Subscription(group="spine", handlers={"spine.one.v1": nothing})
    made = Worker(Database("postgresql://unused", name="spine"), [subscription], brokers="127.0.0.1:9", name="spine")
    made.connected = True
    return made


async def _loop(worker: Worker) -> asyncio.Task[None]:
    task = asyncio.create_task(asyncio.Event().wait())
    worker._groups["spine"][0].tasks.append(task)
    return task  # type: ignore[return-value]


async def test_it_lives_while_its_loop_runs_also_after_a_restart_of_the_loop(worker: Worker) -> None:
    failed = asyncio.create_task(asyncio.sleep(0))
    await failed
    worker._groups["spine"][0].tasks.append(failed)
    running = await _loop(worker)

    assert await worker.alive() is None

    running.cancel()
    await asyncio.wait([running])
    assert await worker.alive() == "consumers: the loop of spine has ended"


async def test_a_loop_that_is_started_over_and_over_is_a_reason(worker: Worker) -> None:
    running = await _loop(worker)
    worker._groups["spine"][0].tasks.extend([running] * 20)

    assert await worker.alive() == "consumers: the loop of spine fails again and again"
    running.cancel()


async def test_no_loop_is_expected_before_the_broker_was_reached_and_while_stopping(worker: Worker) -> None:
    worker.connected = False
    assert await worker.alive() is None

    worker.connected = True
    worker._stopping = True
    assert await worker.alive() is None


async def test_a_batch_that_is_not_done_is_a_reason_unless_something_outside_is_waited_for(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = await _loop(worker)
    _, consumer, progress = worker._groups["spine"]
    now = [time.monotonic()]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    with progress.over([Taken()], End()):
        now[0] += module.STUCK_SECONDS - 1
        assert await worker.alive() is None
        now[0] += 2
        assert await worker.alive() == "consumers: spine has had the same batch in hand for over 120 s"
        consumer.waited_at = now[0]
        assert await worker.alive() is None, "the database is away: killing the process would not bring it back"
    now[0] += 1_000
    assert await worker.alive() is None, "nothing in hand"
    running.cancel()
