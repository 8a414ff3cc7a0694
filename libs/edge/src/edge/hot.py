"""Routes that are asked for all the time, answered in front of FastAPI's router: no dependencies, no models on the way.

A hot route takes only the plain shape of a question. Everything else (an unknown parameter, one given twice, a value that is
not plainly right) goes on to the ordinary route of the same path, which validates, refuses and documents. Two roads, one contract.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.failures import DATABASE_AWAY
from edge.auth import Guard, Principal, Verifier
from edge.errors import AppError, database_away, from_app_error

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_JSON = (b"content-type", b"application/json")


@dataclass(frozen=True, slots=True)
class Question:
    """``path_id`` stands in the place of the path's parameter; ``query`` holds each parameter once."""

    path_id: str
    query: Mapping[str, str]
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes

    def header(self, name: bytes) -> str | None:
        """The value of a header by its lower-case name."""
        return next((value.decode("latin-1") for key, value in self.headers if key == name), None)


Answer = Callable[[Question, Principal], Awaitable[bytes | None]]
"""The body of a 200 as JSON; None leaves the question to the ordinary route. Raises ``AppError`` to refuse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HotRoute:
    """``path`` has at most one parameter. ``parameters`` names the query parameters that ``answer`` understands."""

    method: str
    path: str
    guard: Guard
    answer: Answer
    parameters: frozenset[str] = frozenset()
    has_body: bool = False


class HotRoutes:
    """Pure ASGI, inside the middleware that knows request ids. ``verifier`` is asked for with each request."""

    def __init__(self, app: ASGIApp, *, routes: Sequence[HotRoute], verifier: Callable[[], Verifier]) -> None:
        self._app = app
        self._verifier = verifier
        self._fixed = {(route.method, route.path): route for route in routes if "{" not in route.path}
        self._with_id = [(route.method, *_ends(route.path), route) for route in routes if "{" in route.path]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._find(scope) if scope["type"] == "http" else None
        query = _query(scope["query_string"], found[0].parameters) if found else None
        if found is None or query is None:
            await self._app(scope, receive, send)
            return
        route, path_id = found
        body = await _read(receive) if route.has_body else b""
        answer = await self._answer(route, scope, Question(path_id, query, scope["headers"], body))
        if answer is None:
            await self._app(scope, _again(body, receive) if route.has_body else receive, send)
            return
        scope["route"] = route
        if isinstance(answer, Response):
            await answer(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 200, "headers": [_JSON, _length(answer)]})
        await send({"type": "http.response.body", "body": answer})

    async def _answer(self, route: HotRoute, scope: Scope, question: Question) -> bytes | Response | None:
        try:
            principal = await route.guard.admit(self._verifier(), _bearer(scope))
            return await route.answer(question, principal)
        except AppError as error:
            return from_app_error(error)
        except DATABASE_AWAY as error:
            return database_away(error)

    def _find(self, scope: Scope) -> tuple[HotRoute, str] | None:
        method, path = scope["method"], scope["path"]
        if (route := self._fixed.get((method, path))) is not None:
            return route, ""
        for its_method, begin, end, route in self._with_id:
            if method == its_method and path.startswith(begin) and path.endswith(end):
                middle = path[len(begin) : len(path) - len(end)]
                if _ID.fullmatch(middle):
                    return route, middle
        return None


def to_json(value: Any) -> bytes:
    """Dataclasses, contract values and plain containers as JSON. What we read from our own tables is not validated again."""
    return orjson.dumps(value, default=vars, option=orjson.OPT_UTC_Z)


def _ends(path: str) -> tuple[str, str]:
    begin, _, rest = path.partition("{")
    return begin, rest.partition("}")[2]


def _query(raw: bytes, known: frozenset[str]) -> dict[str, str] | None:
    if not raw:
        return {}
    pairs = parse_qsl(raw.decode("latin-1"), keep_blank_values=True)
    query = dict(pairs)
    return query if len(query) == len(pairs) and query.keys() <= known else None


def _bearer(scope: Scope) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"authorization"), "")


async def _read(receive: Receive) -> bytes:
    chunks, more = [], True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)


def _again(body: bytes, receive: Receive) -> Receive:
    """Hands out what was read once more, then what comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again


def _length(body: bytes) -> tuple[bytes, bytes]:
    return b"content-length", str(len(body)).encode()
