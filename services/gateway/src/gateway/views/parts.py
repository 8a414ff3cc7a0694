"""Composition: parts asked for at once, each required or optional, missing optional ones said so in ``partial``."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from prometheus_client import Counter
from starlette.responses import Response

from edge.errors import AppError
from gateway.call import Call
from gateway.passing import Passing, respond
from gateway.refusals import UpstreamAway
from gateway.upstream.answer import Answer

PARTIAL = Counter("halles_gateway_partial_total", "Optional parts that were missing", ["part", "reason"])
_NOTHING_THERE = 404


@dataclass(frozen=True, slots=True)
class Part:
    """One optional piece of a view: null when there is none, null and named in ``partial`` when it could not be had."""

    name: str
    upstream: str
    path: str


class Refused(AppError):
    """The required part answered, but not with success: the client gets exactly that answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("refused by the owning service")
        self.answer = answer


async def gather(passing: Passing, call: Call, parts: Sequence[Part]) -> dict[str, Any]:
    """All parts by name, asked for in parallel; notes each missing one on the call."""
    found = await asyncio.gather(*(_optional(passing, call, part) for part in parts))
    return dict(zip((part.name for part in parts), found, strict=True))


async def required(passing: Passing, call: Call) -> dict[str, Any]:
    """The part that makes the view: raises ``UpstreamAway`` (503) or ``Refused`` when it is not there."""
    answer = await passing.send(call)
    if not answer.is_success:
        raise Refused(answer)
    return answer.document()


def composed(call: Call, document: dict[str, Any], *, status: int = 200) -> Response:
    """The view as JSON with its ``partial`` marker: an empty list says that everything is there."""
    body = orjson.dumps({**document, "partial": call.partial})
    return Response(body, status, media_type="application/json")


def refusal(error: Refused) -> Response:
    return respond(error.answer)


def note_partial(call: Call, part: str, reason: str) -> None:
    """Say in the answer, and count, that a part is missing."""
    PARTIAL.labels(part, reason).inc()
    call.partial.append({"part": part, "reason": reason})


async def _optional(passing: Passing, call: Call, part: Part) -> Any:
    try:
        answer = await passing.read(call, part.upstream, part.path)
        if answer.is_success:
            return answer.document()
    except UpstreamAway as away:
        note_partial(call, part.name, away.reason)
        return None
    if answer.status != _NOTHING_THERE:
        note_partial(call, part.name, "refused")
    return None
