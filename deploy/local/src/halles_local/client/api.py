"""Calls to the gateway as a person who is signed in with tokens, as an app would be."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp

Json = Any
PATIENCE = 30.0


class Refused(Exception):
    """The API said no; ``problem`` is its RFC 9457 answer."""

    def __init__(self, method: str, path: str, status: int, problem: Json) -> None:
        told = problem if isinstance(problem, dict) else {}
        super().__init__(
            f"{method} {path}: {status} {told.get('code', '')} {told.get('detail', problem)} {told.get('errors', '')}"
        )
        self.status = status
        self.code = told.get("code", "")
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Answer:
    """``request_id`` is the correlation id of everything that the call caused; ``seconds`` how long it took."""

    status: int
    body: Json
    request_id: str
    seconds: float


@dataclass
class Caller:
    """Somebody at the API; anonymous until ``sign_in``. Waits as told when the API asks to slow down."""

    http: aiohttp.ClientSession
    gateway: str
    name: str = "visitor"
    token: str = ""
    cart_token: str = ""
    last: Answer | None = field(default=None, repr=False)

    async def sign_in(self, email: str, password: str) -> "Caller":
        body = {"grant_type": "password", "email": email, "password": password}
        self.token = (await self.post("/v1/tokens", body))["access_token"]
        return self

    async def get(self, path: str) -> Json:
        return (await self.call("GET", path)).body

    async def post(self, path: str, body: Json | None = None, *, key: str | None = None, wait: int = 0) -> Json:
        """``key``: the idempotency key, a new one when not given. ``wait``: seconds to prefer a decided answer."""
        headers = {"Idempotency-Key": key or uuid4().hex, **({"Prefer": f"wait={wait}"} if wait else {})}
        return (await self.call("POST", path, {} if body is None else body, headers=headers)).body

    async def upload(self, path: str, data: bytes, *, media_type: str) -> Json:
        """Send a file as it is."""
        return (await self.call("POST", path, data, headers={"Content-Type": media_type})).body

    async def call(
        self, method: str, path: str, body: Json | None = None, *, headers: dict[str, str] | None = None
    ) -> Answer:
        """Return the answer of a call that succeeded; raises ``Refused`` with the problem otherwise."""
        end = time.monotonic() + PATIENCE
        while True:
            answer, pause = await self._once(method, path, body, headers or {})
            if answer.status < 400:
                self.last = answer
                return answer
            if pause is None or time.monotonic() + pause > end:
                raise Refused(method, path, answer.status, answer.body)
            await asyncio.sleep(pause)

    async def _once(self, method: str, path: str, body: Json, headers: dict[str, str]) -> tuple[Answer, float | None]:
        sent = {"Accept": "application/json", **headers}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if self.cart_token:
            sent["Halles-Cart"] = self.cart_token
        started = time.perf_counter()
        content: dict[str, Any] = {"data": body} if isinstance(body, bytes) else {"json": body}
        async with self.http.request(method, self.gateway + path, headers=sent, **content) as answer:
            parsed = await answer.json(content_type=None) if await answer.read() else None
            seconds = time.perf_counter() - started
            request_id = answer.headers.get("Halles-Request-Id", "")
            again = answer.headers.get("Retry-After") if answer.status in (429, 503) else None
            return Answer(answer.status, parsed, request_id, seconds), float(again) if again else None
