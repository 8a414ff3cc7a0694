"""``GET /v1/orders/{order_id}/events``: the order as it is, then again each time it changed (Server-Sent Events).

Every message is the whole order view, so a client may miss any of them. Ids are hashes of the content: a client that
comes back with Last-Event-ID gets the first message only if something changed meanwhile.
"""

import asyncio
import contextlib
import hashlib
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable

import orjson
from prometheus_client import Gauge
from starlette.responses import Response, StreamingResponse

from edge.errors import AppError
from gateway.call import Call
from gateway.edge.origin import OriginCheck
from gateway.live.fanout import Fanout, Watch
from gateway.live.renewal import Renewal
from gateway.refusals import CrossOrigin, TooManyStreams
from gateway.views.orders import Orders

OPEN = Gauge("halles_gateway_streams", "Open event streams")
_HEARTBEAT_SECONDS = 15.0
_BLIND_SECONDS = 3.0
"""How often an order is looked at while no events arrive."""
_LONGEST_SECONDS = 30 * 60
_STOP_CHECK_SECONDS = 0.5
_RETRY = b"retry: 3000\n\n"


class OrderEvents:
    """``per_principal`` bounds open streams; ``stopping`` ends them all, with a hint when to come back."""

    def __init__(
        self,
        orders: Orders,
        fanout: Fanout,
        renew: Renewal,
        *,
        origins: OriginCheck,
        per_principal: int,
        stopping: Callable[[], bool],
        events_arrive: Callable[[], bool],
    ) -> None:
        self._orders = orders
        self._fanout = fanout
        self._renew = renew
        self._origins = origins
        self._per_principal = per_principal
        self._stopping = stopping
        self._events_arrive = events_arrive
        self._open: Counter[str] = Counter()

    async def __call__(self, call: Call) -> Response:
        if not self._origins.is_own(call.request.headers):
            raise CrossOrigin("Streams are opened by our own pages only.")
        subject = call.passport.subject if call.passport else ""
        if self._open[subject] >= self._per_principal:
            raise TooManyStreams("Close another page that shows an order live.", headers={"Retry-After": "15"})
        await self._orders.owned(call, call.values["order_id"])
        headers = {"Cache-Control": "private, no-store", "X-Accel-Buffering": "no"}
        if call.request.method == "HEAD":
            return Response(headers=headers, media_type="text/event-stream")
        return StreamingResponse(self._counted(subject, call), headers=headers, media_type="text/event-stream")

    async def _counted(self, subject: str, call: Call) -> AsyncIterator[bytes]:
        self._open[subject] += 1
        OPEN.inc()
        try:
            async for message in self._messages(call):
                yield message
        finally:
            OPEN.dec()
            self._open[subject] -= 1
            if not self._open[subject]:
                del self._open[subject]

    async def _messages(self, call: Call) -> AsyncIterator[bytes]:
        ends_at = time.monotonic() + _LONGEST_SECONDS * random.uniform(0.8, 1.0)
        seen = call.request.headers.get("last-event-id", "")
        yield _RETRY
        with self._fanout.watching(call.values["order_id"]) as watch:
            while time.monotonic() < ends_at and not self._stopping():
                watch.changed.clear()
                try:
                    body = await self._state(call)
                except AppError:
                    return
                if (mark := hashlib.sha256(body).hexdigest()[:16]) != seen:
                    seen = mark
                    yield b"event: order\nid: %s\ndata: %s\n\n" % (mark.encode(), body)
                async for beat in self._until_changed(watch, ends_at):
                    yield beat
        yield _RETRY

    async def _state(self, call: Call) -> bytes:
        renewed = await self._renew(call)
        return orjson.dumps(await self._orders.read(renewed, call.values["order_id"]))

    async def _until_changed(self, watch: Watch, ends_at: float) -> AsyncIterator[bytes]:
        """Until something happens, or until a heartbeat is due: then the order is looked at anyway."""
        quiet_until = time.monotonic() + (_HEARTBEAT_SECONDS if self._events_arrive() else _BLIND_SECONDS)
        while not watch.changed.is_set() and not self._stopping() and time.monotonic() < ends_at:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(watch.changed.wait(), _STOP_CHECK_SECONDS)
            if time.monotonic() >= quiet_until:
                yield b": still here\n\n"
                return
