"""The client of the search engine: a dozen calls of its REST API over the HTTP client that the process has anyway.

The official client costs a process 12 MB (it imports a second HTTP library and every API) and each search half a
millisecond; ADR 0014 has the figures.
"""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson

from chassis import tracing
from chassis.metrics import UPSTREAM_SECONDS
from edge.errors import AppError, Unavailable

_OVERLOADED = 429
_JSON = {"Content-Type": "application/json"}
_LINES = {"Content-Type": "application/x-ndjson"}


class EngineAway(Exception):
    """The engine could not be reached, or did not answer in time."""


class EngineRefusal(Exception):
    """The engine answered with an error. ``kind`` is its own name for it, such as ``index_not_found_exception``."""

    def __init__(self, status: int, kind: str, reason: str) -> None:
        super().__init__(f"{status} {kind}: {reason}")
        self.status = status
        self.kind = kind


class NotThere(EngineRefusal):
    """404: no such index, alias or document."""


class Engine:
    """A resource of the service. It connects when first used and does not retry: callers decide."""

    def __init__(self, url: str, *, timeout_seconds: float) -> None:
        self._url = url.rstrip("/")
        self._seconds = timeout_seconds
        self._http: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Nothing to wait for: the service starts while the engine is away."""

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    async def call(self, method: str, path: str, body: Any = None, *, seconds: float | None = None) -> Any:
        """The parsed answer; raises ``EngineAway``, ``NotThere`` or ``EngineRefusal``. ``path`` may end in a query."""
        return await self._send(method, path, None if body is None else orjson.dumps(body), _JSON, seconds)

    async def lines(self, path: str, bodies: Sequence[Any], *, seconds: float | None = None) -> Any:
        """A call that takes one JSON object a line (``_bulk``, ``_msearch``)."""
        return await self._send("POST", path, b"\n".join([*map(orjson.dumps, bodies), b""]), _LINES, seconds)

    async def exists(self, path: str) -> bool:
        """Is there such an index, alias or document?"""
        try:
            await self._send("HEAD", path, None, _JSON, None)
        except NotThere:
            return False
        return True

    async def _send(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], seconds: float | None
    ) -> Any:
        if self._http is None:
            connector = aiohttp.TCPConnector(limit=20, keepalive_timeout=30)
            self._http = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        started, outcome = time.perf_counter(), "failed"
        timeout = aiohttp.ClientTimeout(total=seconds or self._seconds)
        with tracing.calling("opensearch", method) as span:
            try:
                async with self._http.request(
                    method, f"{self._url}/{path}", data=body, headers=headers, timeout=timeout
                ) as answer:
                    raw, outcome = await answer.read(), str(answer.status)
            except (aiohttp.ClientError, TimeoutError) as error:
                raise EngineAway(type(error).__name__) from error
            finally:
                UPSTREAM_SECONDS.labels("opensearch", outcome).observe(time.perf_counter() - started)
                tracing.called(span, outcome)
        if answer.status >= 400:
            raise _refusal(answer.status, raw)
        return orjson.loads(raw) if raw else None


def _refusal(status: int, raw: bytes) -> EngineRefusal:
    try:
        told: Any = orjson.loads(raw)
    except ValueError:
        told = {}
    error = told.get("error") if isinstance(told, dict) else None
    kind, reason = (error.get("type", ""), error.get("reason", "")) if isinstance(error, dict) else ("", str(error))
    return (NotThere if status == 404 else EngineRefusal)(status, kind, reason)


@asynccontextmanager
async def away_as(error: type[AppError] = Unavailable) -> AsyncIterator[None]:
    """Raise ``error`` when the engine cannot be reached, is too slow, or has no room; other failures pass through."""
    try:
        yield
    except EngineAway as problem:
        raise error("The search engine cannot be reached. Try again in a moment.") from problem
    except EngineRefusal as problem:
        if is_away(problem.status):
            raise error("The search engine is overloaded or starting. Try again in a moment.") from problem
        raise


def is_away(status: int) -> bool:
    """True for answers that a later try may change."""
    return status == _OVERLOADED or status >= 500
