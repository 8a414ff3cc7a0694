"""Waiting with a deadline instead of sleeping, and a clock that tests turn."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

T = TypeVar("T")


async def eventually(check: Callable[[], T | Awaitable[T]], *, timeout: float = 10.0) -> T:
    """Return what ``check`` returns once it is truthy and raises no AssertionError; fails after ``timeout`` seconds with the last reason."""
    loop = asyncio.get_running_loop()
    end, pause, reason = loop.time() + timeout, 0.01, "it stayed false"
    while True:
        try:
            found = check()
            value: T = await found if inspect.isawaitable(found) else found
            if value:
                return value
        except AssertionError as error:
            reason = str(error)
        if loop.time() > end:
            raise AssertionError(f"not within {timeout} s: {reason}")
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, 0.25)


class FakeClock:
    """Passed where a clock is wanted; ``clock()`` reads it, ``clock.advance(seconds=…)`` turns it."""

    def __init__(self, now: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **amount: float) -> None:
        self.now += timedelta(**amount)
