"""The task that sends queued callbacks and sleeps while there is nothing to send."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp

from standins.background import BackgroundTask
from standins.outbound.queue import Delivery, DeliveryQueue, Outcome
from standins.outbound.signature import signature_header

logger = logging.getLogger("standins.outbound")

_STALE_SECONDS = 3600
_PARALLEL = 8


@dataclass(frozen=True)
class Target:
    """Where callbacks of one kind go, and the secret that signs them."""

    url: str
    secret: str


class Sender:
    """Sends due callbacks, several at a time; wakes at once when `wake` is called."""

    def __init__(
        self,
        queue: DeliveryQueue,
        *,
        header: str,
        target: Callable[[str], Target | None],
        clock: Callable[[], float],
        timeout: float = 10.0,
    ) -> None:
        self._queue = queue
        self._header = header
        self._target = target
        self._clock = clock
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._wakeup = asyncio.Event()
        self._task = BackgroundTask(f"sender of {header}")
        self._running: dict[int, asyncio.Task[None]] = {}
        self._finished: list[Outcome] = []

    def wake(self) -> None:
        """Tell the task that something new may be due."""
        self._wakeup.set()

    async def start(self) -> None:
        """Start the sending task; what an earlier process left waiting is sent first."""
        self._task.start(self._run())

    async def stop(self) -> None:
        """Stop sending; what is unanswered stays queued and may be sent again by the next process."""
        await self._task.stop()

    async def _run(self) -> None:
        connector = aiohttp.TCPConnector(limit=_PARALLEL)
        async with aiohttp.ClientSession(
            timeout=self._timeout,
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("Accept", "Accept-Encoding"),
        ) as session:
            try:
                while True:
                    self._wakeup.clear()
                    self._launch(session)
                    await self._sleep()
            finally:
                for task in self._running.values():
                    task.cancel()

    def _launch(self, session: aiohttp.ClientSession) -> None:
        finished, self._finished = self._finished, []
        if finished:
            self._queue.record(finished, self._clock())
            for outcome in finished:
                del self._running[outcome.delivery.id]
        free = _PARALLEL - len(self._running)
        if free == 0:
            return
        for delivery in self._queue.due(self._clock(), self._running, limit=free):
            self._running[delivery.id] = asyncio.create_task(self._deliver(session, delivery))

    async def _deliver(self, session: aiohttp.ClientSession, delivery: Delivery) -> None:
        outcome = await self._send(session, delivery)
        self._finished.append(outcome)
        self._wakeup.set()

    async def _sleep(self) -> None:
        next_due = None if len(self._running) >= _PARALLEL else self._queue.next_due_at(self._running)
        pause = None if next_due is None else max(0.0, next_due - self._clock())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._wakeup.wait()

    async def _send(self, session: aiohttp.ClientSession, delivery: Delivery) -> Outcome:
        target = self._target(delivery.target)
        if target is None:
            return Outcome(delivery, None, f"no such target {delivery.target!r}")
        headers = {"Content-Type": "application/json; charset=utf-8", self._header: _sign(delivery, target)}
        try:
            async with session.post(target.url, data=delivery.body, headers=headers) as answer:
                await answer.read()
                return Outcome(delivery, answer.status, None)
        except Exception as error:
            # Whatever went wrong is an attempt that failed; an exception that escaped would end all sending.
            logger.info("callback %s to %s failed: %s", delivery.subject_id, target.url, type(error).__name__)
            return Outcome(delivery, None, f"{type(error).__name__}: {error}"[:300])


def _sign(delivery: Delivery, target: Target) -> str:
    """Sign with real time, as receivers check the age with a real clock; only a first attempt is ever distorted."""
    at = int(time.time())
    signing = delivery.signing if delivery.attempts == 0 else "right"
    if signing == "stale":
        at -= _STALE_SECONDS
    secret = target.secret + "-wrong" if signing == "wrong" else target.secret
    return signature_header(delivery.body, secret, at=at)
