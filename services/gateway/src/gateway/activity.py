"""Consented page views and searches, sent straight to ``gateway.activity.v1``.

The one producer beside the relay: the gateway has no database, so there is no transaction to write an outbox row in.
Events may be lost (queue full, broker away, process ended) and nothing but statistics depends on them.
"""

import asyncio
import contextlib
import re
from typing import Annotated, Literal

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from prometheus_client import Counter
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import JSONResponse, Response

from chassis import context
from chassis.broker import connection
from chassis.clock import Clock, utc_now
from contracts.envelope import Envelope, to_headers
from contracts.gateway import ACTIVITY, PageViewed, SearchPerformed
from contracts.ids import new_event_id, new_id
from edge.errors import Violation
from gateway.call import Call
from gateway.refusals import InvalidRequest

log = structlog.get_logger()
SENT = Counter("halles_gateway_activity_total", "Activity events by outcome", ["outcome"])
VISIT_HEADER = "Halles-Visit"
_VISIT = re.compile(r"^vis_[0-9a-f]{32}$")
_QUEUE = 1_000
_RETRY_SECONDS = 5.0
_Told = tuple[str, PageViewed | SearchPerformed, str]


class Activity(BaseModel):
    """What a client tells, after its person has agreed. ``visit_id`` comes from the first answer; without one a visit begins."""

    model_config = ConfigDict(extra="forbid")

    page: Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=64)]
    object_id: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    consent: Literal[True]
    visit_id: Annotated[str, Field(pattern=_VISIT.pattern)] | None = None


class ActivityLog:
    """A bounded queue and one sending task. ``tell`` never waits and never raises."""

    def __init__(self, brokers: str) -> None:
        self._brokers = brokers
        self._queue: asyncio.Queue[_Told] = asyncio.Queue(_QUEUE)
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        self._task = asyncio.create_task(self._run(), name="activity")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def tell(self, visit_id: str, event: PageViewed | SearchPerformed) -> None:
        try:
            self._queue.put_nowait((visit_id, event, context.current().correlation_id))
        except asyncio.QueueFull:
            SENT.labels("dropped").inc()

    async def _run(self) -> None:
        while True:
            first = await self._queue.get()
            try:
                await self._send_from(first)
            except (KafkaError, OSError, TimeoutError) as error:
                SENT.labels("lost").inc()
                log.warning("activity.lost", error=type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)

    async def _send_from(self, first: _Told) -> None:
        """Connect at the first event and stay; a failure ends the producer and the next event makes another."""
        producer = AIOKafkaProducer(**connection(self._brokers), acks=1, linger_ms=50, request_timeout_ms=5_000)
        try:
            await producer.start()
            item = first
            while True:
                await producer.send_and_wait(ACTIVITY, **_record(*item))
                SENT.labels("sent").inc()
                item = await self._queue.get()
        finally:
            await producer.stop()


class RecordActivity:
    """``POST /v1/activity``: 202 with the visit's id. 422 without consent."""

    def __init__(self, activity: ActivityLog, clock: Clock = utc_now) -> None:
        self._activity = activity
        self._now = clock

    async def __call__(self, call: Call) -> Response:
        told = _parsed(call.body)
        visit_id = told.visit_id or new_id("vis")
        event = PageViewed(visit_id=visit_id, page=told.page, object_id=told.object_id, at=self._now())
        self._activity.tell(visit_id, event)
        return JSONResponse({"visit_id": visit_id}, 202)

    def searched(self, call: Call, *, hits: int) -> None:
        """A search of a visit: clients send its id in Halles-Visit only after consent."""
        visit_id = call.request.headers.get(VISIT_HEADER, "")
        query = call.request.query_params
        if not _VISIT.match(visit_id) or not query.get("q"):
            return
        locale = "en" if query.get("lang") == "en" else "fr"
        text = query["q"][:200]
        event = SearchPerformed(visit_id=visit_id, query=text, locale=locale, hits=hits, at=self._now())
        self._activity.tell(visit_id, event)


def _parsed(body: bytes) -> Activity:
    try:
        return Activity.model_validate_json(body or b"{}")
    except ValidationError as error:
        errors = [
            Violation("/" + "/".join(map(str, item["loc"])), str(item["type"]).replace("_", "-"), item["msg"])
            for item in error.errors(include_input=False, include_url=False)
        ]
        raise InvalidRequest("Nothing was recorded; see errors.", errors=errors) from None


def _record(visit_id: str, event: PageViewed | SearchPerformed, correlation_id: str) -> dict[str, object]:
    """No aggregate counts these events: the moment orders those of a visit."""
    envelope = Envelope(
        id=new_event_id(),
        type=event.type,
        source="gateway",
        subject=visit_id,
        time=event.at,
        sequence=int(event.at.timestamp() * 1000),
        correlation_id=correlation_id,
    )
    return {"key": visit_id.encode(), "value": event.to_json(), "headers": to_headers(envelope)}
