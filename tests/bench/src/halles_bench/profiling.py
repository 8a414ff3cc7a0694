"""Flame pictures: py-spy looks into every Python process of the stack while an operation is under load."""

import asyncio
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path

from rich.console import Console

from halles_bench.load import closed
from halles_bench.measure import Operation
from halles_bench.operations.every import EVERY, PAST_THE_CACHE
from halles_bench.processes import cpu_seconds, spent
from halles_bench.world import world
from halles_local.ports import SERVERS
from halles_local.stack import Stack

_RATE = "200"
_SUFFIX = {"flamegraph": "svg", "raw": "txt"}


async def profile(
    stack: Stack, console: Console, *, word: str, seconds: int, form: str, only: Sequence[str] = ()
) -> None:
    """One folder per operation with one file per process (all but servers, or ``only`` these), the busiest named first."""
    async with world(stack) as place, place.second_gateway() if word in PAST_THE_CACHE else nullcontext():
        for operation in await EVERY[word](place):
            folder = stack.home / "profiles" / operation.name
            folder.mkdir(parents=True, exist_ok=True)
            await _warm(operation)
            pids = {
                name: pid for name, pid in place.pids().items() if name in only or (not only and name not in SERVERS)
            }
            before, files = cpu_seconds(pids), _files(folder, pids, form)
            async with asyncio.TaskGroup() as group:
                group.create_task(_load(operation, seconds + 2))
                for name, file in files.items():
                    group.create_task(_record(console, pids[name], file, seconds=seconds, form=form))
            used = spent(before, cpu_seconds(pids))
            _show(console, operation, files=files, used=used)


async def _warm(operation: Operation) -> None:
    if operation.prepare is not None:
        await operation.prepare()
    await closed(operation.call, clients=operation.clients, seconds=operation.warm_seconds, most=operation.most)


async def _load(operation: Operation, seconds: int) -> None:
    """Until the pictures are taken; an operation that uses something up is prepared anew."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if operation.prepare is not None:
            await operation.prepare()
        await closed(operation.call, clients=operation.clients, seconds=left, most=operation.most)


def _files(folder: Path, names: Iterable[str], form: str) -> dict[str, Path]:
    return {name: folder / f"{name}.{_SUFFIX[form]}" for name in names}


async def _record(console: Console, pid: int, file: Path, *, seconds: int, form: str) -> None:
    spy = Path(sys.executable).parent / "py-spy"
    arguments = [
        "record",
        "-p",
        str(pid),
        "-d",
        str(seconds),
        "-r",
        _RATE,
        "-f",
        form,
        "-o",
        str(file),
    ]
    process = await asyncio.create_subprocess_exec(
        spy, *arguments, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, told = await process.communicate()
    if process.returncode:
        console.print(f"[yellow]![/] no picture for {file.stem}: {told.decode().splitlines()[-1:]}")


def _show(console: Console, operation: Operation, *, files: dict[str, Path], used: dict[str, float]) -> None:
    console.print(f"[bold]{operation.name}[/]  {operation.title}")
    for name in sorted(files, key=lambda one: -used[one]):
        console.print(f"  {used[name]:6.2f} s  {files[name]}", soft_wrap=True)
