"""A stand-in running as its own process, so that kills, restarts and time-outs are real."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import aiohttp

START_SECONDS = 30.0
STOP_SECONDS = 10.0
CONTROL_TOKEN = "control-token-of-tests"  # noqa: S105


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RunningStandin:
    """`python -m standins <name>` with its data in a folder; `kill` and `start` again keep the data."""

    def __init__(self, name: str, folder: Path, settings: Mapping[str, str]) -> None:
        self.name = name
        self.port = free_port()
        self.smtp_port = free_port()
        self._log = folder / f"{name}.log"
        upper = name.upper()
        self._environment = dict(os.environ) | {
            "HALLES_HOME": str(folder),
            f"STANDIN_{upper}_PORT": str(self.port),
            f"STANDIN_{upper}_DATA": str(folder / f"{name}.sqlite"),
            "STANDIN_SMTP_PORT": str(self.smtp_port),
            "STANDIN_CONTROL_TOKEN": CONTROL_TOKEN,
            **settings,
        }
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """Return the address of the HTTP port."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Return the process id of the running process."""
        return self._running.pid

    async def start(self) -> Self:
        """Start the process and wait until it is ready."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-W",
                "error",
                "-m",
                "standins",
                self.name,
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        async with asyncio.timeout(START_SECONDS):
            while not await self._is_ready():
                if self._process.returncode is not None:
                    raise RuntimeError(f"{self.name} ended while starting: {self.log()[-2000:]}")
                await asyncio.sleep(0.05)
        return self

    async def stop(self) -> int:
        """Stop with SIGTERM and return the exit code."""
        self._running.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STOP_SECONDS):
            return await self._running.wait()

    async def kill(self) -> None:
        """Kill with SIGKILL, as a crash would."""
        self._running.kill()
        await self._running.wait()

    def log(self) -> str:
        """Return what the process wrote."""
        return self._log.read_text()

    async def control(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Call the control API of the Stripe stand-in and return its JSON."""
        headers = {"Authorization": f"Bearer {CONTROL_TOKEN}"}
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, f"{self.url}/_control{path}", json=body, headers=headers) as answer,
        ):
            answer.raise_for_status()
            found: dict[str, Any] = await answer.json()
            return found

    @property
    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError(f"{self.name} was never started")
        return self._process

    async def _is_ready(self) -> bool:
        try:
            async with aiohttp.ClientSession() as session, session.get(f"{self.url}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False
