"""A client that speaks ASGI to a service's app as a given caller, without a socket."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson
from fastapi import FastAPI

from edge.auth import Principal
from edge.errors import Unauthenticated


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return orjson.loads(self.body)


class KnownCallers:
    """Verifier that knows tokens by name."""

    def __init__(self) -> None:
        self.principals: dict[str, Principal] = {}

    async def verify(self, token: str) -> Principal:
        if token not in self.principals:
            raise Unauthenticated("The internal token is not valid here.")
        return self.principals[token]


class ApiClient:
    """``await client.request("POST", "/v1/…", json={…})`` as ``principal``; None calls without a token."""

    def __init__(self, app: Any, principal: Principal | None = None) -> None:
        self._app: FastAPI = app
        self._principal = principal

    def acting_as(self, principal: Principal | None) -> "ApiClient":
        return ApiClient(self._app, principal)

    async def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        body = content if content is not None else b"" if json is None else orjson.dumps(json)
        sent = {"content-type": "application/json", **{name.lower(): value for name, value in (headers or {}).items()}}
        if self._principal is not None:
            sent.setdefault("authorization", f"Bearer {self._token()}")
        return await _exchange(self._app, method, path, sent, body)

    def _token(self) -> str:
        if not isinstance(self._app.state.verifier, KnownCallers):
            self._app.state.verifier = KnownCallers()
        known: KnownCallers = self._app.state.verifier
        token = f"test-{id(self._principal)}"
        known.principals[token] = self._principal or Principal(subject="anonymous")
        return token


async def _exchange(app: Any, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
    parts, messages = urlsplit(path), []
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("test", 80),
    }
    incoming: Iterator[dict[str, Any]] = iter(
        [{"type": "http.request", "body": body, "more_body": False}, {"type": "http.disconnect"}]
    )

    async def receive() -> dict[str, Any]:
        return next(incoming)

    async def send(message: Any) -> None:
        messages.append(message)

    await app(scope, receive, send)
    start = messages[0]
    answered = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], answered, b"".join(message.get("body", b"") for message in messages[1:]))
