"""A child process, addressed by its pid, in a process group of its own, its output in a file."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from halles_rig.pausing import NotSeen, seen

STOP_SECONDS = 40.0
CRASHED = 137


class Process:
    """Starts, kills, stops and freezes one program. ``ready`` tells whether it does its work."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        log: Path,
        ready: Callable[[], Awaitable[bool]],
        stop_signal: int = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.environment = dict(environment)
        self.log = log
        self._command = list(command)
        self._ready = ready
        self._stop_signal = stop_signal
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Its process id; raises when it never ran."""
        if self._child is None:
            raise LookupError(f"{self.name} was never started")
        return self._child.pid

    @property
    def is_running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    @property
    def exit_code(self) -> int | None:
        return None if self._child is None else self._child.poll()

    def start(self, extra: Mapping[str, str] | None = None, *, through: str | None = None) -> None:
        """Start it unless it runs; ``extra`` settings hold for this start alone. ``through``: a Python module that runs it."""
        if self.is_running:
            return
        python, option, *words = self._command
        command = [python, option, through, *words] if through else self._command
        with self.log.open("ab") as output:
            self._child = subprocess.Popen(
                command,
                env={**self.environment, **(extra or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    async def until_ready(self, seconds: float = 90.0) -> float:
        """Wait until it works; returns the seconds. Raises ``RuntimeError`` with its log's end when it dies first."""

        async def look() -> bool:
            if not self.is_running:
                raise RuntimeError(f"{self.name} ended with {self.exit_code} at its start:\n{self.log_end()}")
            return await self._ready()

        return await seen(f"{self.name} is ready", look, seconds=seconds)

    async def is_ready(self) -> bool:
        return self.is_running and await self._ready()

    def log_end(self) -> str:
        return self.log.read_text(errors="replace")[-2000:]

    def signal(self, number: int) -> None:
        """Send a signal to the process alone; nothing happens when it is gone."""
        if self.is_running:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)

    def freeze(self) -> None:
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.signal(signal.SIGCONT)

    async def gone(self, seconds: float = STOP_SECONDS) -> float:
        """Wait until it has ended; returns the seconds."""

        async def look() -> bool:
            return not self.is_running

        return await seen(f"{self.name} has ended", look, seconds=seconds, pause=0.02)

    async def stop(self) -> float:
        """Ask it to end and wait; a process that does not is killed and reported by ``NotSeen``."""
        self.signal(self._stop_signal)
        try:
            return await self.gone()
        except BaseException:
            self.kill()
            raise

    async def end(self) -> None:
        """End it whatever it does: politely first, then with its whole group."""
        if self.is_running:
            self.thaw()
            with suppress(NotSeen):  # it did not leave in time and was killed
                await self.stop()
        if self._child is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._child.pid, signal.SIGKILL)
            await asyncio.to_thread(self._child.wait)
