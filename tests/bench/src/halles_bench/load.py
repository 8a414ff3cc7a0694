"""Load on an operation: closed (so many clients, one call after the other) or paced (so many calls a second, come what may)."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp

from halles_local.client.api import Refused

Call = Callable[[int], Awaitable[None]]
"""One call by a worker, whose number says which buyer it is; raises ``Failed`` or ``Refused`` when the answer is not the expected one."""


class Failed(Exception):
    """The answer of a call was not the expected one."""


@dataclass(frozen=True)
class Sample:
    """Latencies in seconds, in the order of their ends; ``wall`` is how long everything took."""

    latencies: list[float]
    wall: float
    failures: list[str]

    @property
    def count(self) -> int:
        return len(self.latencies)

    @property
    def rate(self) -> float:
        """Calls a second."""
        return self.count / self.wall if self.wall else 0.0

    def quantile(self, share: float) -> float:
        """Latency in seconds that ``share`` of the calls did not exceed."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def closed(call: Call, *, clients: int, seconds: float, most: int) -> Sample:
    """Each client calls again as soon as it has its answer, until the time is over or ``most`` calls are made."""
    tried = _Tried(call)
    end, left = tried.started + seconds, most

    async def client(number: int) -> None:
        nonlocal left
        while left > 0 and (began := time.perf_counter()) < end:
            left -= 1
            await tried.once(number, since=began)

    await asyncio.gather(*(client(number) for number in range(clients)))
    return tried.sample()


async def paced(call: Call, *, rate: float, clients: int, seconds: float, most: int) -> Sample:
    """Calls start on a fixed beat; latency counts from the beat, so waiting for a free client is part of it."""
    tried = _Tried(call)
    free: asyncio.Queue[int] = asyncio.Queue()
    for number in range(clients):
        free.put_nowait(number)

    async def one(due: float) -> None:
        worker = await free.get()
        try:
            await tried.once(worker, since=due)
        finally:
            free.put_nowait(worker)

    async with asyncio.TaskGroup() as group:
        for number in range(max(1, min(most, int(rate * seconds)))):
            due = tried.started + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(due))
    return tried.sample()


class _Tried:
    """Collects what became of the calls; a few that fail are counted, not fatal, because the machine may be very busy."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._latencies: list[float] = []
        self._failures: list[str] = []
        self.started = time.perf_counter()

    async def once(self, worker: int, *, since: float) -> None:
        try:
            await self._call(worker)
        except (Failed, Refused, aiohttp.ClientError, TimeoutError) as error:
            self._failures.append(f"{type(error).__name__}: {error}")
        else:
            self._latencies.append(time.perf_counter() - since)

    def sample(self) -> Sample:
        """Everything so far. Raises ``Failed`` when nothing succeeded."""
        if not self._latencies:
            raise Failed(f"no call succeeded: {self._failures[:3]}")
        return Sample(self._latencies, time.perf_counter() - self.started, self._failures)
