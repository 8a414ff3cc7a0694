"""One bounded pool per upstream. Its own time-outs end a call, so a cancelled request never leaks a connection."""

import time

import aiohttp
from yarl import URL

from chassis import context, tracing
from chassis.metrics import UPSTREAM_SECONDS
from gateway.refusals import UpstreamAway
from gateway.upstream.answer import Answer
from gateway.upstream.ask import Ask
from gateway.upstream.deadline import Deadline
from gateway.upstream.retries import RetryBudget

_CONNECT_SECONDS = 0.5
_LARGEST_ANSWER = 4 * 1024 * 1024
_SAFE = frozenset({"GET", "HEAD", "PUT", "DELETE"})
"""The same again has the same effect (RFC 9110, 9.2.2)."""
_KEPT = frozenset(
    {"content-type", "etag", "location", "retry-after", "idempotent-replayed", "link", "content-disposition", "allow"}
)  # fmt: skip
_AWAY = 500


class UpstreamClient:
    """Calls one service. Raises ``UpstreamAway`` for time-outs, refused connections, 5xx and answers that are too large."""

    def __init__(self, name: str, base_url: str, *, pool_size: int) -> None:
        self.name = name
        self._base_url = base_url.rstrip("/")
        self._pool_size = pool_size
        self._http: aiohttp.ClientSession | None = None
        self._retries = RetryBudget(name)

    async def open(self) -> None:
        connector = aiohttp.TCPConnector(limit=self._pool_size, keepalive_timeout=20, ttl_dns_cache=10)
        self._http = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("User-Agent", "Accept-Encoding"),
        )
        self._http._retry_connection = False  # aiohttp repeats calls by itself otherwise, outside our budget

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    async def send(self, ask: Ask) -> Answer:
        """Make the call within its deadline; a connection that failed is tried once more when that is safe and in the budget."""
        started, outcome = time.perf_counter(), "failed"
        with tracing.calling(self.name, ask.method) as span:
            try:
                answer = await self._with_one_retry(ask)
                outcome = f"{answer.status // 100}xx"
                tracing.called(span, str(answer.status))
            except UpstreamAway as away:
                outcome = away.reason
                tracing.called(span, outcome)
                raise
            finally:
                UPSTREAM_SECONDS.labels(self.name, outcome).observe(time.perf_counter() - started)
        if answer.status >= _AWAY and not _explains_itself(answer):
            raise UpstreamAway(self.name, "failed")
        return answer

    async def _with_one_retry(self, ask: Ask) -> Answer:
        self._retries.called()
        try:
            return await self._once(ask)
        except aiohttp.ClientConnectionError:  # not made, or broken while in use: a write may have happened
            is_safe = ask.method in _SAFE and ask.deadline.left() > 0
        if not is_safe or not self._retries.spend():
            raise UpstreamAway(self.name, "connect")
        try:
            return await self._once(ask)
        except aiohttp.ClientConnectionError:
            raise UpstreamAway(self.name, "connect") from None

    async def _once(self, ask: Ask) -> Answer:
        if self._http is None:
            raise RuntimeError(f"the client of {self.name} is not open")
        left = ask.deadline.left()
        if left <= 0:
            raise UpstreamAway(self.name, "timeout")
        timeout = aiohttp.ClientTimeout(total=left, sock_connect=min(_CONNECT_SECONDS, left))
        url = URL(self._base_url + ask.path, encoded=True)
        headers = _headers(ask)
        try:
            async with self._http.request(
                ask.method, url, headers=headers, data=ask.body, timeout=timeout, allow_redirects=False
            ) as answer:
                body = await self._read(answer)
                kept = {name: text for key, text in answer.headers.items() if (name := key.lower()) in _KEPT}
                return Answer(self.name, answer.status, kept, body)
        except aiohttp.ConnectionTimeoutError:
            raise UpstreamAway(self.name, "connect") from None
        except TimeoutError:
            raise UpstreamAway(self.name, "timeout") from None
        except (aiohttp.ClientPayloadError, aiohttp.ClientResponseError):
            raise UpstreamAway(self.name, "garbage") from None

    async def _read(self, answer: aiohttp.ClientResponse) -> bytes:
        body = await answer.content.read(_LARGEST_ANSWER + 1)
        while not answer.content.at_eof() and len(body) <= _LARGEST_ANSWER:
            body += await answer.content.read(_LARGEST_ANSWER + 1 - len(body))
        if len(body) > _LARGEST_ANSWER:
            raise UpstreamAway(self.name, "garbage")
        return body


def _explains_itself(answer: Answer) -> bool:
    """A 503 problem names what is away and when to come back: the client may read it."""
    return answer.status == 503 and answer.headers.get("content-type", "").startswith("application/problem+json")


def _headers(ask: Ask) -> dict[str, str]:
    cause = context.current()
    headers = {**ask.headers, "Halles-Request-Id": cause.correlation_id, "X-Request-Deadline": str(ask.deadline.at_ms)}
    tracing.carry(headers, cause.traceparent)
    if ask.token is not None:
        headers["Authorization"] = f"Bearer {ask.token}"
    return headers


class Upstreams:
    """All services by name."""

    def __init__(self, addresses: dict[str, str], *, pool_size: int) -> None:
        self._clients = {name: UpstreamClient(name, url, pool_size=pool_size) for name, url in addresses.items()}

    async def open(self) -> None:
        for client in self._clients.values():
            await client.open()

    async def close(self) -> None:
        for client in self._clients.values():
            await client.close()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._clients)

    async def send(self, upstream: str, ask: Ask) -> Answer:
        return await self._clients[upstream].send(ask)

    async def is_ready(self, upstream: str) -> bool:
        """Ask the service's own readiness, briefly."""
        try:
            answer = await self.send(upstream, Ask(method="GET", path="/readyz", deadline=Deadline.after(500)))
        except UpstreamAway:
            return False
        return answer.is_success
