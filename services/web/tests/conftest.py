"""The site on a real port with a real HTTP server in the place of the public API."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson
import pytest
import uvicorn
from aiohttp import web

from web.app import build
from web.settings import Settings


@dataclass
class PublicApi:
    """Answers by ``METHOD /path``; remembers what was asked."""

    url: str = ""
    answers: dict[str, tuple[int, Any, dict[str, str]]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)

    def on(self, line: str, body: Any = None, *, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.answers[line] = (status, body, headers or {})

    def refuse(self, line: str, status: int, code: str, *errors: dict[str, str]) -> None:
        """Answer with a problem."""
        body = {"code": code, "status": status, "detail": "in English", "instance": "req_1", "errors": list(errors)}
        self.on(line, body, status=status)

    def bodies(self, line: str) -> list[Any]:
        """What was sent to ``METHOD /path``."""
        return [body for method, path, _, body in self.asked if f"{method} {path.partition('?')[0]}" == line]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        is_json = request.content_type == "application/json"
        body = orjson.loads(raw) if raw and is_json else raw or None
        self.asked.append((request.method, request.path_qs, dict(request.headers), body))
        status, answer, headers = self.answers.get(
            f"{request.method} {request.path}", (404, {"code": "not-found", "status": 404}, {})
        )
        content = b"" if status == 204 else orjson.dumps(answer)
        return web.Response(body=content, status=status, headers={"Content-Type": "application/json", **headers})


@pytest.fixture
async def api() -> AsyncIterator[PublicApi]:
    found = PublicApi()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", found.handle)
    runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=0.1)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    found.url = f"http://127.0.0.1:{port}"
    yield found
    await runner.cleanup()


@dataclass
class Shown:
    """A page as a browser gets it."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    text: str


@dataclass
class Browser:
    http: aiohttp.ClientSession
    url: str

    async def get(self, path: str, **more: Any) -> Shown:
        return await self._ask("GET", path, **more)

    async def post(self, path: str, form: dict[str, str], **more: Any) -> Shown:
        return await self._ask("POST", path, data=form, **more)

    async def _ask(self, method: str, path: str, **more: Any) -> Shown:
        async with self.http.request(method, self.url + path, allow_redirects=False, **more) as answer:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Shown(answer.status, headers, answer.headers.getall("Set-Cookie", []), await answer.text())


@pytest.fixture
async def browser(api: PublicApi) -> AsyncIterator[Browser]:
    port = free_port()
    settings = Settings(gateway_url=api.url, site_url="http://site.test", environment="test", port=port)
    config = uvicorn.Config(build(settings), host="127.0.0.1", port=port, log_config=None, proxy_headers=False)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.wait({task}, timeout=0.01)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        yield Browser(http, f"http://127.0.0.1:{port}")
    server.should_exit = True
    with contextlib.suppress(asyncio.CancelledError):
        await task


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
