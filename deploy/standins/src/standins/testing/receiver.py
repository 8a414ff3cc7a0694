"""A receiver of callbacks that remembers the raw bytes and answers as it is told."""

from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import orjson
from aiohttp import web

from standins.testing.process import free_port


@dataclass(frozen=True)
class Received:
    """One callback as it came: raw bytes, because signatures are over them."""

    raw: bytes
    headers: dict[str, str]

    @property
    def body(self) -> dict[str, Any]:
        """Return the JSON of the body."""
        found: dict[str, Any] = orjson.loads(self.raw)
        return found


class Receiver:
    """Listens on a free port; `answers` are given in order, then 200."""

    def __init__(self) -> None:
        self.port = free_port()
        self.answers: list[int] = []
        self.received: list[Received] = []
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Return the address to send callbacks to."""
        return f"http://127.0.0.1:{self.port}/callbacks"

    def types(self) -> list[str]:
        """Return the event types in the order of arrival."""
        return [received.body["type"] for received in self.received]

    async def __aenter__(self) -> Self:
        """Start to listen."""
        app = web.Application()
        app.router.add_post("/callbacks", self._take)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop to listen."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        self.received.append(Received(await request.read(), dict(request.headers)))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)
