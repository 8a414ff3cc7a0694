"""Processor time and memory of processes, from /proc. A process counts with its children, also those that ended."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
_UTIME, _CUTIME = 11, 13
_CHILDREN = "children"
Seconds = dict[str, float]


def cpu_seconds(pids: Mapping[str, int]) -> Seconds:
    """User + system time by name since each process began."""
    return {name: sum(_own_and_reaped(one) for one in (pid, *children(pid))) for name, pid in pids.items()}


def spent(before: Seconds, after: Seconds) -> Seconds:
    """Difference; a process that was started in between counts from its start."""
    return {name: max(0.0, seconds - before.get(name, 0.0)) for name, seconds in after.items()}


@dataclass(frozen=True)
class Memory:
    """Bytes. ``pss`` shares pages that several processes use; ``rss`` counts them in each."""

    rss: int
    pss: int


def memory(pid: int) -> Memory:
    """Of a process with its children."""
    found = [_rollup(one) for one in (pid, *children(pid))]
    return Memory(rss=sum(one.rss for one in found), pss=sum(one.pss for one in found))


def children(pid: int) -> Iterator[int]:
    """All descendants that live now."""
    with suppress(OSError):
        for child in map(int, Path(f"/proc/{pid}/task/{pid}/{_CHILDREN}").read_text().split()):
            yield child
            yield from children(child)


def _own_and_reaped(pid: int) -> float:
    """Own time and that of children it has waited for; PostgreSQL's backends come and go."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks = sum(map(int, (*fields[_UTIME : _UTIME + 2], *fields[_CUTIME : _CUTIME + 2])))
        return ticks / TICKS
    return 0.0


def _rollup(pid: int) -> Memory:
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
        sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines if line.endswith("kB")}
        return Memory(rss=sizes["Rss"], pss=sizes["Pss"])
    return Memory(0, 0)
