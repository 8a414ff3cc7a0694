"""The real Stripe stand-in as a process, and its control API."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from testkit import eventually

CONTROL_TOKEN = "control-for-tests"
WEBHOOK_SECRET = "whsec_for_tests"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass
class StandIn:
    """The stand-in's process and its control API."""

    url: str
    webhook_port: int
    http: aiohttp.ClientSession

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {CONTROL_TOKEN}"}
        async with self.http.request(method, f"{self.url}/_control{path}", json=body, headers=headers) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()

    async def fault(self, kind: str, **rule: Any) -> None:
        await self.control("POST", "/faults", {"kind": kind, **rule})

    async def charges(self, order_id: str) -> list[dict[str, Any]]:
        """Charges of an order that took or hold money."""
        book = await self.control("GET", f"/book?transfer_group=order_{order_id}")
        return [charge for charge in book["charges"] if charge["status"] == "succeeded"]

    async def book(self, order_id: str) -> dict[str, Any]:
        return dict(await self.control("GET", f"/book?transfer_group=order_{order_id}"))


@asynccontextmanager
async def standin_in(folder: Path) -> AsyncIterator[StandIn]:
    """The stand-in with its data in this folder."""
    port, webhook_port = free_port(), free_port()
    environment = {
        **os.environ,
        "STANDIN_STRIPE_PORT": str(port),
        "STANDIN_STRIPE_DATA": str(folder / "stripe.sqlite"),
        "STANDIN_STRIPE_WEBHOOK_URL": f"http://127.0.0.1:{webhook_port}/webhooks/stripe",
        "STANDIN_STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "STANDIN_STRIPE_THIN_WEBHOOK_URL": f"http://127.0.0.1:{webhook_port}/webhooks/stripe",
        "STANDIN_STRIPE_THIN_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "STANDIN_STRIPE_RETRY_SECONDS": "0.2",
        "STANDIN_CONTROL_TOKEN": CONTROL_TOKEN,
        "LOG_LEVEL": "WARNING",
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "standins", "stripe", env=environment)
    async with aiohttp.ClientSession() as http:
        standin = StandIn(f"http://127.0.0.1:{port}", webhook_port, http)
        await eventually(lambda: _answers(port), timeout=20)
        yield standin
    process.terminate()
    await process.wait()


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
