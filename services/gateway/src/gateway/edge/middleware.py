"""The one middleware (pure ASGI): id, host, origin, size of the head, security headers, CORS, log line, metrics, shedding."""

import re
import time
from typing import Any

import structlog
from prometheus_client import Counter
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis import context, tracing
from chassis.metrics import IN_FLIGHT, REQUEST_SECONDS, REQUESTS
from contracts.ids import new_id
from edge.errors import AppError, from_app_error
from gateway.document.pages import document
from gateway.edge.answer_headers import Cors, completed
from gateway.edge.origin import OriginCheck
from gateway.edge.peers import Peers
from gateway.refusals import CrossOrigin, HeadersTooLarge, NoSuchRoute, Overloaded, UnknownHost
from gateway.table.every import Table

log = structlog.get_logger()
SHED = Counter("halles_gateway_shed_total", "Requests refused because too many were being answered")
_TECHNICAL = frozenset({"/livez", "/readyz", "/startupz", "/metrics"})
_LARGEST_HEAD = 16 * 1024
_STREAM = (b"content-type", b"text/event-stream; charset=utf-8")
"""Open streams have a limit of their own; they must not use up the places of requests."""
_TRACEPARENT = re.compile(r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")


class Edge:
    """Everything that holds for every request, whatever it asks for."""

    def __init__(
        self,
        app: ASGIApp,
        technical: ASGIApp,
        *,
        table: Table,
        hosts: tuple[str, ...],
        origins: OriginCheck,
        cors: Cors,
        peers: Peers,
        concurrency: int,
    ) -> None:
        self._app = app
        self._technical = technical
        self._table = table
        self._hosts = frozenset(hosts)
        self._origins = origins
        self._cors = cors
        self._peers = peers
        self._concurrency = concurrency
        self._in_flight = 0

    def openapi(self) -> dict[str, Any]:
        """The public document; what ``python -m gateway openapi`` prints."""
        return document()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        if scope["path"] in _TECHNICAL and self._peers.is_insider(scope, headers):
            await self._technical(scope, receive, send)
            return
        started, status = time.perf_counter(), 500
        request_id, given = new_id("req"), _traceparent(headers)
        origin = headers.get("origin")
        cors = self._cors.headers(origin.encode() if origin else None)

        is_counted = True

        async def answer(message: Message) -> None:
            nonlocal status, is_counted
            if message["type"] == "http.response.start":
                status = message["status"]
                if _STREAM in message["headers"]:
                    self._in_flight -= is_counted
                    is_counted = False
                whole = completed(message["headers"], request_id=request_id.encode(), cors=cors)
                message = {**message, "headers": whole}
            await send(message)

        self._in_flight += 1
        scope["halles.client"] = self._peers.address(scope, headers)
        with IN_FLIGHT.track_inprogress(), tracing.serving(scope["method"], given, believed=False) as span:
            cause = context.Cause(request_id, None, tracing.traceparent(given))
            try:
                with context.bound(cause):
                    await self._guarded(scope, headers, receive, answer)
            finally:
                self._in_flight -= is_counted
                _record(scope, cause, status, time.perf_counter() - started)
                tracing.served(span, scope["method"], route=scope.get("halles.route", "unmatched"), status=status)

    async def _guarded(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        app = self._app
        try:
            self._check(scope, headers)
            if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
                app = self._preflight(scope, headers)
        except AppError as error:
            app = from_app_error(error)
        await app(scope, receive, send)

    def _check(self, scope: Scope, headers: Headers) -> None:
        if self._in_flight > self._concurrency:
            SHED.inc()
            raise Overloaded("Very many people are here right now. Try again in a moment.")
        if sum(len(name) + len(value) for name, value in scope["headers"]) + len(scope["raw_path"]) > _LARGEST_HEAD:
            raise HeadersTooLarge("The request's headers are larger than 16 KiB.")
        if _host(headers) not in self._hosts:
            raise UnknownHost("This server does not answer for that host name.")
        if scope["path"] in _TECHNICAL:
            raise NoSuchRoute("There is nothing here.")
        is_signed = scope["path"].startswith("/webhooks/")
        if not is_signed and not self._origins.accepts(scope["method"], headers):
            raise CrossOrigin("This request was sent by a page of another site, so nothing was done.")

    def _preflight(self, scope: Scope, headers: Headers) -> Response:
        found = self._table.find("OPTIONS", scope["raw_path"])
        methods = found if isinstance(found, frozenset) else frozenset[str]()
        response = Response(status_code=204)
        origin = headers.get("origin", "").encode()
        response.raw_headers.extend(self._cors.preflight(origin, methods))
        return response


def _host(headers: Headers) -> str:
    host = headers.get("host", "")
    return host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]


def _traceparent(headers: Headers) -> str | None:
    given = headers.get("traceparent", "")
    return given if _TRACEPARENT.match(given) else None


def _record(scope: Scope, cause: context.Cause, status: int, seconds: float) -> None:
    route = scope.get("halles.route", "unmatched")
    REQUESTS.labels(route, scope["method"], f"{status // 100}xx").inc()
    REQUEST_SECONDS.labels(route).observe(seconds)
    log.info(
        "request.done",
        method=scope["method"],
        route=route,
        path=scope["path"],
        status=status,
        ms=round(seconds * 1000, 2),
        principal=scope.get("halles.principal"),
        correlation_id=cause.correlation_id,
    )
