"""Background work that fails is noticed, and one failing piece does not stop the others."""

import asyncio
import logging
import signal

import pytest

from standins.background import BackgroundTask
from testkit import eventually


async def test_a_task_that_dies_stops_the_process(caplog: pytest.LogCaptureFixture) -> None:
    stopped: list[int] = []
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopped.append, 1)

    async def fail() -> None:
        raise LookupError("planted")

    try:
        BackgroundTask("planted task").start(fail())
        await eventually(lambda: stopped == [1])
    finally:
        loop.remove_signal_handler(signal.SIGTERM)

    assert [(record.levelno, "planted task" in record.message) for record in caplog.records] == [
        (logging.CRITICAL, True)
    ]


async def test_stopping_ends_a_task_quietly() -> None:
    task = BackgroundTask("waiting task")
    task.start(_wait())

    await task.stop()
    await BackgroundTask("never started").stop()


async def _wait() -> None:
    await asyncio.Event().wait()
