"""Background work of a service: deadlines, senders, sweepers."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from chassis.metrics import LOOP_FAILURES

log = structlog.get_logger()


class Loop:
    """Runs ``work`` every ``seconds``, at once after ``wake()``, and again without waiting while it answers True.

    Failures are logged and retried with a growing pause of at most 30 s. Stopping waits for the round in hand.
    """

    def __init__(self, name: str, work: Callable[[], Awaitable[bool]], *, seconds: float) -> None:
        self.name = name
        self._work = work
        self._seconds = seconds
        self._wake = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        self._wake.set()

    def stop(self) -> None:
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        pause = self._seconds
        while not self._stopping:
            self._wake.clear()
            try:
                more = await self._work()
                pause = self._seconds
            except Exception:
                LOOP_FAILURES.labels(self.name).inc()
                log.exception("loop.failed", loop=self.name)
                more, pause = False, min(max(pause, 0.1) * 2, 30.0)
            if not more and not self._stopping:
                await self._sleep(pause)

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), seconds)
        except TimeoutError:
            return
