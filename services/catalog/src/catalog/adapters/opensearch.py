"""The search engine's client: ten calls of its REST API through the transport of ``opensearch-py``, which knows nodes,
TLS and sign-in. Bodies are serialised here once, and its failures are translated here.
"""

import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import orjson
from opensearchpy import AsyncOpenSearch, JSONSerializer
from opensearchpy.exceptions import ConnectionError, SerializationError, TransportError

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
        # The library logs each failed call with a stack trace; callers say in one line what follows from it.
        logging.getLogger("opensearch").setLevel(logging.ERROR)
        self._seconds = timeout_seconds
        self._client = AsyncOpenSearch(hosts=[url], max_retries=0, retry_on_timeout=False, serializer=_Json())

    async def open(self) -> None:
        """Nothing to wait for: the service starts while the engine is away."""

    async def close(self) -> None:
        await self._client.close()

    async def call(self, method: str, path: str, body: Any = None, *, seconds: float | None = None) -> Any:
        """The parsed answer; raises ``EngineAway``, ``NotThere`` or ``EngineRefusal``. ``path`` may end in a query."""
        return await self._send(method, path, None if body is None else orjson.dumps(body), _JSON, seconds)

    async def lines(self, path: str, bodies: Sequence[Any], *, seconds: float | None = None) -> Any:
        """A call that takes one JSON object a line (``_bulk``, ``_msearch``)."""
        return await self._send("POST", path, b"\n".join([*map(orjson.dumps, bodies), b""]), _LINES, seconds)

    async def exists(self, path: str) -> bool:
        """Is there such an index, alias or document?"""
        return bool(await self._send("HEAD", path, None, _JSON, None))

    async def _send(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], seconds: float | None
    ) -> Any:
        started, outcome = time.perf_counter(), "failed"
        with tracing.calling("opensearch", method) as span:
            try:
                answer = await self._client.transport.perform_request(
                    method, f"/{path}", body=body, headers=headers, timeout=seconds or self._seconds
                )
                outcome = "200"  # the client does not tell which success it was
                return answer
            except ConnectionError as error:
                raise EngineAway(type(error).__name__) from error
            except TransportError as error:
                outcome = str(error.status_code)
                raise _refusal(error) from error
            finally:
                UPSTREAM_SECONDS.labels("opensearch", outcome).observe(time.perf_counter() - started)
                tracing.called(span, outcome)


class _Json(JSONSerializer):
    """Answers parsed by the faster parser; bodies are bytes before they reach the client."""

    def loads(self, s: str) -> Any:
        try:
            return orjson.loads(s)
        except ValueError as error:
            raise SerializationError(s, error) from error


def _refusal(error: TransportError) -> EngineRefusal:
    told = error.info.get("error") if isinstance(error.info, dict) else None
    kind, reason = (told.get("type", ""), told.get("reason", "")) if isinstance(told, dict) else ("", str(error.error))
    return (NotThere if error.status_code == 404 else EngineRefusal)(int(error.status_code), kind, reason)


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
