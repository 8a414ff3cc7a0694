"""Find and end processes of this stack that nobody supervises any more (the supervisor itself was killed)."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from halles_local.process_environment import MARKER
from halles_local.stack import Stack
from halles_local.waiting import NotReady, wait_until

POLITE_SECONDS = 15
KILL_SECONDS = 5


@dataclass(frozen=True)
class Leftover:
    """A process of the stack: its id and its command line."""

    pid: int
    command: str


def find(stack: Stack) -> tuple[Leftover, ...]:
    """Return every process of this stack, by the marker in its environment or by its folders in its command.

    The second way finds servers that run under another user, whose environment may not be readable, and those that an older
    version started, with their supervisor, which would start them again.
    """
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and int(folder.name) != os.getpid() and _belongs(folder, stack):
            found.append(Leftover(int(folder.name), " ".join(_words(folder / "cmdline"))[:120]))
    return tuple(found)


def _belongs(folder: Path, stack: Stack) -> bool:
    if f"{MARKER}={stack.home}" in _words(folder / "environ"):
        return True
    ours = (f"{stack.home / 'servers'}/", f"{stack.run}/")
    return any(ours[0] in word or ours[1] in word for word in _words(folder / "cmdline"))


def _words(file: Path) -> Iterator[str]:
    # The process may end, or belong to somebody else, at any moment.
    with suppress(OSError):
        yield from file.read_bytes().decode(errors="replace").split("\0")


def end_all(stack: Stack) -> tuple[Leftover, ...]:
    """End what is left, first politely; return what there was. Raises NotReady if something survives SIGKILL."""
    left = find(stack)
    for number, seconds in ((signal.SIGTERM, POLITE_SECONDS), (signal.SIGKILL, KILL_SECONDS)):
        for process in find(stack):
            with suppress(ProcessLookupError):
                os.kill(process.pid, number)
        try:
            wait_until(lambda: _check_gone(stack), seconds=seconds)
            break
        except NotReady:
            if number == signal.SIGKILL:
                raise
    return left


def _check_gone(stack: Stack) -> None:
    left = find(stack)
    if left:
        raise NotReady(f"still there: {', '.join(str(process.pid) for process in left)}")
