"""A second gateway of the same stack with its cache off (``GATEWAY_CACHE_MEGABYTES=0``): what a miss costs."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from halles_local import environment
from halles_local.secret_files import Secrets
from halles_local.stack import Stack

_OFFSET = 2
_START_SECONDS = 30
_NO_LIMIT = "1000000000"
NAME = "gateway-uncached"


def _spawn(values: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    with log.open("wb") as output:
        command = [sys.executable, "-m", "gateway", "serve"]
        return subprocess.Popen(command, env=values, stdout=output, stderr=subprocess.STDOUT)


class Uncached:
    """Its address and its process."""

    def __init__(self, address: str, process: "subprocess.Popen[bytes]") -> None:
        self.address = address
        self._process = process

    @classmethod
    @asynccontextmanager
    async def started(cls, stack: Stack, http: aiohttp.ClientSession) -> AsyncIterator["Uncached"]:
        """Started for the block, ended after it."""
        port = stack.ports.base + _OFFSET
        settings = {
            "GATEWAY_PORT": str(port),
            "GATEWAY_CACHE_MEGABYTES": "0",
            "GATEWAY_RATE_LIMIT_PER_MINUTE": _NO_LIMIT,
        }
        values = environment.build(stack, "gateway", Secrets(stack)) | settings
        process = _spawn(values, stack.log("gateway-uncached"))
        try:
            gateway = cls(f"http://127.0.0.1:{port}", process)
            await gateway._ready(http)
            yield gateway
        finally:
            process.terminate()
            process.wait(timeout=30)

    def pids(self) -> dict[str, int]:
        return {NAME: self._process.pid}

    async def _ready(self, http: aiohttp.ClientSession) -> None:
        async with asyncio.timeout(_START_SECONDS):
            while True:
                if self._process.poll() is not None:
                    raise RuntimeError("the gateway without a cache ended at once; see its log")
                try:
                    async with http.get(f"{self.address}/readyz") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientConnectionError:
                    pass
                await asyncio.sleep(0.1)
