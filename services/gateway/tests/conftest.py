"""A gateway on a real port with real HTTP neighbours that answer, delay, hang or talk nonsense as a test tells them."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
import uvicorn
from aiohttp import web
from joserfc.jwk import OKPKey
from yarl import URL

from gateway.app import build
from gateway.settings import Settings
from runtime.run import Service

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]
SITE = "http://site.test:8600"


@dataclass
class Asked:
    """One request as a neighbour saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Neighbours:
    """Stands for every service: one HTTP server, answers by method and path (with query)."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    answers: dict[str, Answering] = field(default_factory=dict)
    credentials: dict[str, dict[str, Any]] = field(default_factory=dict)
    identity_status: int = 200

    def on(self, line: str, body: Any = None, *, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """``line`` is ``GET /v1/products/p1?limit=5``; the query may be left out to mean any."""

        async def answer(_: web.Request) -> web.StreamResponse:
            content = body if isinstance(body, bytes) else orjson.dumps(body)
            return web.Response(
                body=content, status=status, headers={"Content-Type": "application/json", **(headers or {})}
            )

        self.answers[line] = answer

    def hang(self, line: str) -> None:
        async def never(_: web.Request) -> web.StreamResponse:
            await asyncio.Event().wait()
            raise AssertionError("unreachable")

        self.answers[line] = never

    def calls(self, line: str) -> list[Asked]:
        """Requests that were made for this method and path (without query)."""
        return [asked for asked in self.asked if f"{asked.method} {asked.path.partition('?')[0]}" == line]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        asked = Asked(request.method, request.path_qs, dict(request.headers), await request.read())
        self.asked.append(asked)
        if request.path == "/internal/tokens":
            return self._tokens(orjson.loads(asked.body))
        answering = self.answers.get(f"{request.method} {request.path_qs}")
        answering = answering or self.answers.get(f"{request.method} {request.path}")
        if answering is None:
            return web.json_response({"code": "not-found"}, status=404)
        return await answering(request)

    def _tokens(self, question: dict[str, Any]) -> web.Response:
        if self.identity_status != 200:
            return web.json_response({"code": "unavailable"}, status=self.identity_status)
        shown = question["credential"]
        anonymous = {"subject": "anonymous", "roles": ["anonymous"]}
        principal = anonymous if shown["kind"] == "anonymous" else self.credentials.get(shown["value"])
        if principal is None:
            return web.json_response({"code": "session-expired"}, status=401)
        tokens = {name: f"{principal['subject']}@{name}" for name in question["audience"]}
        return web.json_response({"tokens": tokens, "expires_at": 4102444800, "principal": principal})


@pytest.fixture
async def neighbours() -> AsyncIterator[Neighbours]:
    found = Neighbours()
    found.credentials["good-session"] = {"subject": "acc_buyer", "roles": ["buyer"]}
    app = web.Application(client_max_size=8 * 1024 * 1024)
    app.router.add_route("*", "/{tail:.*}", found.handle)
    runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=0.1)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    found.url = f"http://127.0.0.1:{port}"
    yield found
    await runner.cleanup()


@dataclass
class Client:
    """Speaks to the gateway under test."""

    http: aiohttp.ClientSession
    url: str
    service: Service

    async def ask(self, method: str, path: str | URL, **more: Any) -> "Answered":
        url = path if isinstance(path, URL) else self.url + path
        async with self.http.request(method, url, allow_redirects=False, **more) as answer:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Answered(answer.status, headers, answer.headers.getall("Set-Cookie", []), await answer.read())


@dataclass
class Answered:
    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: bytes

    def json(self) -> Any:
        return orjson.loads(self.body)


Starting = Callable[..., Awaitable[Client]]


@pytest.fixture
async def start(neighbours: Neighbours, tmp_path: Path) -> AsyncIterator[Starting]:
    """``await start(read_budget_ms=200)`` runs a gateway with these settings until the test ends."""
    async with contextlib.AsyncExitStack() as stack:

        async def starting(**more: Any) -> Client:
            return await stack.enter_async_context(running(neighbours, tmp_path, more))

        yield starting


@contextlib.asynccontextmanager
async def running(neighbours: Neighbours, folder: Path, more: dict[str, Any]) -> AsyncIterator[Client]:
    key = folder / "gateway.jwk"
    key.write_bytes(orjson.dumps(OKPKey.generate_key("Ed25519", private=True).as_dict(private=True)))
    names = ("catalog", "order", "payment", "messaging", "review", "logistics", "analytics", "identity")
    values: dict[str, Any] = {f"{name}_url": neighbours.url for name in names}
    values |= {"kafka_brokers": "127.0.0.1:1", "site_url": SITE, "environment": "test", "client_key_file": key}
    service = build(Settings(**{**values, "port": free_port(), **more}))
    for resource in service.resources:
        await resource.open()
    server = uvicorn.Server(_config(service))
    task = asyncio.create_task(server.serve())
    await wait_started(server, task)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        yield Client(http, f"http://127.0.0.1:{service.settings.port}", service)
    assert service.health is not None
    service.health.draining = True
    server.should_exit = True
    await task
    for resource in service.resources:
        await resource.close()


def _config(service: Service) -> uvicorn.Config:
    return uvicorn.Config(
        service.api, host="127.0.0.1", port=service.settings.port, lifespan="off", log_config=None, proxy_headers=False
    )


async def wait_started(server: uvicorn.Server, task: "asyncio.Task[None]") -> None:
    while not server.started:
        if task.done():
            await task
        await asyncio.wait({task}, timeout=0.01)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
