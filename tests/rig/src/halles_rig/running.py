"""Runs rows one after the other on one rig, prints and keeps what came out."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import aiohttp
from rich.console import Console

from halles_local.invariants.here import sources_of
from halles_local.stack import Stack
from halles_rig import rest, snapshot, table, world
from halles_rig.pausing import seen
from halles_rig.plan import rig_stack
from halles_rig.rig import SERVER_NAMES, Rig
from halles_rig.row import ROWS, Result, play

_QUICK_SECONDS, _QUICK_ANSWERS = 1.0, 5


@dataclass(frozen=True)
class Pace:
    """``rate``: L1 in checkouts a second. ``scale`` stretches how long faults last."""

    seed: int
    rate: float
    scale: float
    only: str = ""


async def check(stack: Stack, console: Console) -> int:
    """I1–I14 of a running stack once it is at rest; exit code 1 on any violation."""
    verdict = await rest.come_to_rest(sources_of(stack), stack)
    for violation in verdict.violations:
        console.print(violation, markup=False)
    console.print(f"{len(verdict.violations)} violations, at rest after {verdict.seconds:.1f} s")
    return 1 if verdict.violations else 0


async def faults(stack: Stack, console: Console, numbers: Sequence[str], *, pace: Pace, writes: bool) -> int:
    """Run rows; exit code 1 when one found a violation."""
    here, results, waiting = rig_stack(stack), list[Result](), list(numbers)
    console.print(
        f"{table.commit()}, seed {pace.seed}, L1 at {pace.rate:g} checkouts a second, rows {', '.join(numbers)}"
    )
    while waiting:
        rig = Rig(here, console)
        async with rig.opened():
            started = time.monotonic()
            await market(rig)
            console.print(f"the market is up after {time.monotonic() - started:.0f} s")
            results += await _rows(rig, waiting, pace, writes)
    failed = [result.number for result in results if result.violations]
    console.print(f"{len(results)} rows, {len(failed)} with violations{': ' if failed else ''}{', '.join(failed)}")
    return 1 if failed else 0


async def market(rig: Rig) -> None:
    """The market of the snapshot, ready and warm; the first time, build it and keep it."""
    await _market(rig)
    await _warm(rig)


async def _market(rig: Rig) -> None:
    is_new = not snapshot.exists(rig.stack)
    await rig.boot()
    if not is_new:
        return
    rig.console.print("preparing the market (once for these schemas)")
    (await world.build(rig.stack)).keep(rig.stack)
    verdict = await rest.come_to_rest(rig.sources(), rig.stack)
    if verdict.violations:
        raise RuntimeError(f"the prepared market is not sound: {verdict.violations}")
    await asyncio.gather(*(process.stop() for name, process in rig.processes.items() if name not in SERVER_NAMES))
    await asyncio.gather(*(rig.processes[name].stop() for name in SERVER_NAMES))
    await asyncio.to_thread(snapshot.keep, rig.stack)
    await rig.boot_servers()
    await rig.start(name for name in rig.processes if name not in SERVER_NAMES)


async def _warm(rig: Rig) -> None:
    """A search engine that has just started answers its first questions in seconds; that is no fault of a row."""
    searched = f"{rig.stack.ports.url('gateway')}/v1/search?q=panier&lang=fr"
    quick = 0
    async with aiohttp.ClientSession() as http:

        async def look() -> bool:
            nonlocal quick
            started = time.monotonic()
            async with http.get(f"{searched}&page={quick + 1}") as answer:
                is_quick = answer.status == 200 and time.monotonic() - started < _QUICK_SECONDS
            quick = quick + 1 if is_quick else 0
            return quick >= _QUICK_ANSWERS

        await seen("the search is warm", look, seconds=120, pause=0.2)


async def _rows(rig: Rig, waiting: list[str], pace: Pace, writes: bool) -> list[Result]:
    """Take rows off the list until one has spoilt the market or none is left; those that spoil it on purpose come last."""
    results = []
    while waiting:
        row = ROWS[waiting.pop(0)]
        folder = rig.stack.home.parent / "journals"
        result = await play(row, rig, seed=pace.seed, rate=pace.rate, scale=pace.scale, only=pace.only, folder=folder)
        results.append(result)
        _print(rig.console, result)
        if writes:
            table.write([result], rate=pace.rate)
        if row.spoils or result.unsound:
            break
    return results


def _print(console: Console, result: Result) -> None:
    told = asdict(result)
    if result.skipped:
        console.print(f"{result.number} not run here: {result.skipped}")
        return
    verdict = "[red]VIOLATED[/]" if result.violations else "[green]holds[/]"
    console.print(
        f"{result.number} {verdict} in {result.seconds:.0f} s: {told['orders']}, {result.calls} calls, "
        f"{result.errors} unanswered, at rest after {result.recovery:.1f} s; {'; '.join(result.notes)}"
    )
    for violation in result.violations:
        console.print(f"     {violation}", markup=False)
