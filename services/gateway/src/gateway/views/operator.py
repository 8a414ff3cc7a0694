"""Operators' views: what a request caused and who consumed it; how the upstreams are."""

import asyncio
from typing import Any

import orjson
from starlette.responses import JSONResponse, Response

from gateway.call import Call
from gateway.passing import Passing
from gateway.refusals import UpstreamAway
from gateway.upstream.client import Upstreams
from gateway.views.parts import Part, composed, gather, note_partial, required

_CONSUMERS = ("identity", "catalog", "order", "payment", "messaging", "review", "logistics", "analytics")
_QUESTION = 500


class Trace:
    """Required: the events of one correlation id. Optional: each service's list of what it consumed, and when."""

    def __init__(self, passing: Passing) -> None:
        self._passing = passing

    async def __call__(self, call: Call) -> Response:
        trace = await required(self._passing, call)
        ids = [event["event_id"] for event in trace["events"]][:_QUESTION]
        lists = await asyncio.gather(*(self._consumed(call, service, ids) for service in _CONSUMERS))
        by_event: dict[str, list[Any]] = {event_id: [] for event_id in ids}
        for service, consumed in zip(_CONSUMERS, lists, strict=True):
            for entry in consumed:
                by_event[entry["event_id"]].append({**entry, "service": service})
        events = [{**event, "consumed": by_event.get(event["event_id"], [])} for event in trace["events"]]
        return composed(call, {**trace, "events": events})

    async def _consumed(self, call: Call, service: str, ids: list[str]) -> list[Any]:
        try:
            body = orjson.dumps({"event_ids": ids})
            answer = await self._passing.post(call, service, "/internal/consumed", body)
            entries = orjson.loads(answer.body) if answer.is_success else None
        except UpstreamAway as away:
            note_partial(call, f"consumed-{service}", away.reason)
            return []
        if not isinstance(entries, list):
            note_partial(call, f"consumed-{service}", "refused")
            return []
        return entries


class Pipeline:
    """Required: the consumers' figures. Optional: what waits inside each service."""

    def __init__(self, passing: Passing) -> None:
        self._passing = passing

    async def __call__(self, call: Call) -> Response:
        figures = await required(self._passing, call)
        parts = [Part(name, name, "/internal/backlog") for name in _CONSUMERS]
        return composed(call, {**figures, "services": await gather(self._passing, call, parts)})


class UpstreamHealth:
    """``GET /v1/health``: 200 when every service is ready, else 503 with the same body."""

    def __init__(self, upstreams: Upstreams) -> None:
        self._upstreams = upstreams

    async def __call__(self, call: Call) -> Response:
        names = self._upstreams.names
        states = await asyncio.gather(*(self._upstreams.is_ready(name) for name in names))
        services = {name: "ready" if ready else "away" for name, ready in zip(names, states, strict=True)}
        headers = {} if all(states) else {"Retry-After": "2"}
        return JSONResponse({"services": services}, 200 if all(states) else 503, headers)
