"""Background loops: woken at once, patient with failures, stopped between rounds."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from chassis.metrics import LOOP_FAILURES
from runtime.loops import Loop
from testkit import eventually

FOREVER = 3600.0


@asynccontextmanager
async def running(work: Callable[[], Awaitable[bool]], seconds: float = FOREVER) -> AsyncIterator[Loop]:
    loop = Loop("test", work, seconds=seconds)
    task = asyncio.create_task(loop.run())
    try:
        yield loop
    finally:
        loop.stop()
        await asyncio.wait_for(task, 5)


class Counted:
    """Work that counts its rounds and answers what it is told."""

    def __init__(self, *answers: bool | Exception) -> None:
        self.rounds: list[float] = []
        self._answers = list(answers)

    async def __call__(self) -> bool:
        self.rounds.append(asyncio.get_running_loop().time())
        answer = self._answers.pop(0) if self._answers else False
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_it_goes_on_without_waiting_while_there_is_more() -> None:
    work = Counted(True, True, True)

    async with running(work):
        await eventually(lambda: len(work.rounds) >= 4)


async def test_a_wake_up_starts_a_round_at_once() -> None:
    work = Counted()

    async with running(work) as loop:
        await eventually(lambda: len(work.rounds) == 1)
        loop.wake()
        await eventually(lambda: len(work.rounds) == 2)


async def test_a_wake_up_during_a_round_is_not_lost() -> None:
    rounds = 0

    async def work() -> bool:
        nonlocal rounds
        rounds += 1
        if rounds == 1:
            loop.wake()
        return False

    async with running(work) as loop:
        await eventually(lambda: rounds == 2)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What a loop would have slept, without sleeping."""
    asked: list[float] = []

    async def note(_: Loop, seconds: float) -> None:
        asked.append(seconds)
        await asyncio.sleep(0)

    monkeypatch.setattr(Loop, "_sleep", note)
    return asked


async def test_failures_are_counted_and_wait_longer_each_time_up_to_half_a_minute(pauses: list[float]) -> None:
    work = Counted(*(OSError("away") for _ in range(12)))
    failures = LOOP_FAILURES.labels("test")
    before = failures._value.get()

    async with running(work, seconds=0.05):
        await eventually(lambda: len(work.rounds) >= 13)

    assert failures._value.get() == before + 12
    assert pauses[:4] == [0.2, 0.4, 0.8, 1.6]
    assert max(pauses) == 30.0


async def test_after_a_success_the_pause_is_the_ordinary_one_again(pauses: list[float]) -> None:
    work = Counted(OSError("away"), OSError("away"), False)

    async with running(work, seconds=0.05):
        await eventually(lambda: len(work.rounds) >= 4)

    assert pauses[:3] == [0.2, 0.4, 0.05]


async def test_stopping_waits_for_the_round_in_hand() -> None:
    entered, leave, done = asyncio.Event(), asyncio.Event(), False

    async def work() -> bool:
        nonlocal done
        entered.set()
        await leave.wait()
        done = True
        return True

    loop = Loop("test", work, seconds=FOREVER)
    task = asyncio.create_task(loop.run())
    await entered.wait()
    loop.stop()
    await asyncio.sleep(0)
    assert not task.done()
    leave.set()
    await asyncio.wait_for(task, 5)

    assert done
