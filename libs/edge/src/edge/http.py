"""The HTTP face of a service: FastAPI with our errors, one pure ASGI middleware, health and metrics."""

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

import orjson
import structlog
from fastapi import APIRouter, FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis import context, tracing
from chassis.db import Database
from chassis.metrics import IN_FLIGHT, REQUEST_SECONDS, REQUESTS
from chassis.settings import ProcessSettings
from contracts.ids import new_id
from edge import errors
from edge.auth import Principal, TokenVerifier, allow, require_declarations, unauthenticated
from edge.document import document_of
from edge.hot import HotRoute, HotRoutes

log = structlog.get_logger()
REQUEST_ID = "Halles-Request-Id"
TECHNICAL = frozenset({"/livez", "/readyz", "/startupz", "/metrics"})
Check = Callable[[], Awaitable[str | None]]
"""Answers None when fine, else a sentence that says what is missing."""


class Health:
    """State of the process. ``checks`` decide readiness, draining ends it; ``living`` decide whether it should be killed."""

    def __init__(self) -> None:
        self.started = False
        self.draining = False
        self.checks: list[Check] = []
        self.living: list[Check] = []

    async def problems(self) -> list[str]:
        found = [problem for check in self.checks if (problem := await check())]
        if not self.started:
            found.append("starting")
        if self.draining:
            found.append("draining")
        return found


class Edge:
    """Pure ASGI: request id, deadline, log line and metrics of each request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers, started, status, began = Headers(scope=scope), time.perf_counter(), 500, False
        request_id = headers.get(REQUEST_ID) or new_id("req")
        given, method = headers.get("traceparent"), scope["method"]
        traced = tracing.OFF if scope["path"] in TECHNICAL else tracing.serving(method, given, believed=True)

        async def answer(message: Message) -> None:
            nonlocal status, began
            if message["type"] == "http.response.start":
                began, status = True, message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            await send(message)

        with (
            IN_FLIGHT.track_inprogress(),
            traced as span,
            context.bound(context.Cause(request_id[:64], None, tracing.traceparent(given))),
        ):
            try:
                if _too_late(headers):
                    late = errors.Unavailable("The caller's deadline has passed; nothing was done.")
                    return await errors.from_app_error(late)(scope, receive, answer)
                await self._app(scope, receive, answer)
            except Exception as error:
                if began:
                    raise
                await errors.crashed(error)(scope, receive, answer)
            finally:
                _record(scope, status, time.perf_counter() - started)
                tracing.served(span, method, route=_template(scope), status=status)


class _Documented(FastAPI):
    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = document_of(self, super().openapi())
        return self.openapi_schema


def create_api(
    service: str,
    *,
    routers: Sequence[APIRouter],
    settings: ProcessSettings,
    db: Database | None = None,
    hot: Sequence[HotRoute] = (),
) -> FastAPI:
    """Build the app of a service; ``hot`` routes answer in front of the ordinary routes of the same paths.

    Raises ``RuntimeError`` when a route does not declare who may call it.
    """
    app = _Documented(title=f"Halles {service}", version="1", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.verifier = TokenVerifier(audience=service, identity_url=settings.identity_url)
    app.state.health = health = Health()
    errors.install(app)
    for router in routers:
        app.include_router(router)
    app.include_router(_technical(health))
    if db is not None:
        app.include_router(_consumed(db))
    require_declarations(app)
    if hot:
        app.add_middleware(HotRoutes, routes=hot, verifier=lambda: app.state.verifier)
    app.add_middleware(Edge)
    return app


def _technical(health: Health) -> APIRouter:
    router = APIRouter(
        include_in_schema=False, dependencies=[unauthenticated("health and metrics, closed to the outside")]
    )

    @router.get("/livez")
    async def live() -> Response:
        problems = [problem for check in health.living if (problem := await check())]
        return _json({"status": "stuck" if problems else "alive", "problems": problems}, 503 if problems else 200)

    @router.get("/readyz")
    async def ready() -> Response:
        problems = await health.problems()
        return _json({"ready": not problems, "problems": problems}, 503 if problems else 200)

    @router.get("/startupz")
    async def started() -> Response:
        return _json({"started": health.started}, 200 if health.started else 503)

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


class ConsumedQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")
    event_ids: Annotated[list[str], Field(max_length=500)]


def _consumed(db: Database) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.post("/internal/consumed")
    async def consumed(
        query: ConsumedQuery, _: Annotated[Principal, allow("service", "admin")]
    ) -> list[dict[str, Any]]:
        """Which of these events this service's consumers have processed, and when."""
        async with db.reading() as tx:
            return await tx.rows(
                "SELECT event_id, consumer, processed_at FROM inbox WHERE event_id = ANY(%s::uuid[]) ORDER BY processed_at",
                (query.event_ids,),
            )

    @router.get("/internal/backlog")
    async def backlog(_: Annotated[Principal, allow("service", "support", "admin")]) -> dict[str, Any]:
        """What waits in this service: events not published yet and events set aside because one before them failed."""
        async with db.reading() as tx:
            row = await tx.row(
                "SELECT (SELECT count(*) FROM outbox) AS outbox, (SELECT min(created_at) FROM outbox) AS outbox_since,"
                " (SELECT count(*) FROM parked_events) AS parked, (SELECT min(first_seen) FROM parked_events) AS parked_since"
            )
        return dict(row or {})

    return router


def _json(value: object, status: int) -> Response:
    return Response(orjson.dumps(value), status, media_type="application/json")


def _too_late(headers: Headers) -> bool:
    deadline = headers.get("x-request-deadline", "")
    return deadline.isdigit() and int(deadline) < time.time() * 1000


def _template(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", "unmatched"))


def _record(scope: Scope, status: int, seconds: float) -> None:
    template = _template(scope)
    REQUESTS.labels(template, scope["method"], f"{status // 100}xx").inc()
    REQUEST_SECONDS.labels(template).observe(seconds)
    if template not in TECHNICAL:
        log.info("request.done", method=scope["method"], path=scope["path"], status=status, ms=round(seconds * 1000, 2))
