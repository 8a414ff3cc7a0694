"""One operation measured: warmed up, then by one client, then at the ceiling, then at 60 % of it."""

import asyncio
import resource
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from halles_bench.load import Call, Sample, closed, paced
from halles_bench.processes import Seconds, cpu_seconds, spent
from halles_bench.world import World

_WINDOWS = 3
SHARE = 0.6
"""Of the ceiling: the steady state that the headline figure is taken at."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """``settle`` runs inside the measured time, until what a call caused has happened everywhere. ``prepare`` runs outside."""

    name: str
    title: str
    call: Call
    clients: int = 8
    warm_seconds: float = 3.0
    seconds: float = 5.0
    most: int = 1_000_000
    warm_rounds: int = 1
    units: int = 1
    """So many operations does one call stand for, for example the events that a command tells."""
    settle: Callable[[], Awaitable[None]] | None = None
    prepare: Callable[[], Awaitable[None]] | None = None


@dataclass(frozen=True, kw_only=True)
class Phase:
    """``cpu_ms`` is per operation by process, without what the process uses at rest. Latencies in milliseconds, rate per second."""

    count: int
    failed: int
    rate: float
    p50_ms: float
    p99_ms: float
    cpu_ms: dict[str, float]
    load_average: float

    @property
    def total_ms(self) -> float:
        """What is ours: the stand-ins take the places of Stripe, a mail server and a carrier, and are shown apart."""
        return sum(ms for name, ms in self.cpu_ms.items() if name != STANDINS)


@dataclass(frozen=True, kw_only=True)
class Result:
    """All phases of an operation."""

    name: str
    title: str
    alone: Phase
    ceiling: Phase
    steady: Phase
    scale: str

    def document(self) -> dict[str, Any]:
        phases = {phase: asdict(getattr(self, phase)) | {"total_ms": getattr(self, phase).total_ms} for phase in PHASES}
        return {"name": self.name, "title": self.title, "scale": self.scale, **phases}


COMMANDS, STANDINS = "commands", "standins"
PHASES = ("alone", "ceiling", "steady")


@dataclass
class Meter:
    """Measures phases. ``idle`` is the processor time per second of each process while nobody asks for anything."""

    world: World
    idle: Seconds

    async def operation(self, operation: Operation, scale: str) -> Result:
        for _ in range(operation.warm_rounds):
            await self._prepared(operation)
            await closed(operation.call, clients=operation.clients, seconds=operation.warm_seconds, most=operation.most)
            await _settled(operation)
        alone = await self._phase(
            operation, lambda: closed(operation.call, clients=1, seconds=operation.seconds, most=operation.most)
        )
        ceiling = await self._phase(
            operation,
            lambda: closed(operation.call, clients=operation.clients, seconds=operation.seconds, most=operation.most),
        )
        rate = max(SHARE * ceiling.rate, 0.1)
        steady = await self._phase(
            operation,
            lambda: paced(
                operation.call, rate=rate, clients=operation.clients, seconds=operation.seconds, most=operation.most
            ),
        )
        return Result(
            name=operation.name, title=operation.title, alone=alone, ceiling=ceiling, steady=steady, scale=scale
        )

    def _now(self, pids: Mapping[str, int]) -> Seconds:
        """With what commands that the bench itself ran have used."""
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        return cpu_seconds(pids) | {COMMANDS: ended.ru_utime + ended.ru_stime}

    async def _prepared(self, operation: Operation) -> None:
        if operation.prepare is not None:
            await operation.prepare()
            await _settled(operation)

    async def _phase(self, operation: Operation, load: Callable[[], Awaitable[Sample]]) -> Phase:
        await self._prepared(operation)
        pids = self.world.pids()
        before, started = self._now(pids), time.perf_counter()
        sample = await load()
        await _settled(operation)
        wall = time.perf_counter() - started
        used = spent(before, self._now(pids))
        count = sample.count * operation.units
        costs = {name: (used[name] - self.idle.get(name, 0.0) * wall) * 1000 / count for name in used}
        return Phase(
            count=count,
            failed=len(sample.failures),
            rate=count / wall if operation.settle else sample.rate,
            p50_ms=sample.quantile(0.5) * 1000,
            p99_ms=sample.quantile(0.99) * 1000,
            cpu_ms={name: max(0.0, cost) for name, cost in costs.items()},
            load_average=load_average(),
        )


async def idle_rates(world: World, *, seconds: float) -> Seconds:
    """Processor time a second of each process at rest: the least of three windows, because some may still be starting."""
    windows = [await _window(world, seconds=seconds / _WINDOWS) for _ in range(_WINDOWS)]
    return {name: min(window.get(name, 0.0) for window in windows) for name in windows[0]}


async def _window(world: World, *, seconds: float) -> Seconds:
    pids = world.pids()
    before, started = cpu_seconds(pids), time.perf_counter()
    await asyncio.sleep(seconds)
    wall = time.perf_counter() - started
    return {name: used / wall for name, used in spent(before, cpu_seconds(pids)).items()}


def load_average() -> float:
    """Of the last minute, over the whole machine."""
    return float(Path("/proc/loadavg").read_text().split()[0])


async def _settled(operation: Operation) -> None:
    if operation.settle is not None:
        await operation.settle()
