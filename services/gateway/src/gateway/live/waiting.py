"""``Prefer: wait=N`` on checkouts: the answer is held until the order is decided, at most N seconds (RFC 7240)."""

import asyncio
import re
import time
from collections.abc import Callable
from typing import Any

import orjson
from starlette.responses import Response

from edge.errors import AppError
from gateway.call import Call
from gateway.live.fanout import Fanout, Watch
from gateway.live.renewal import Renewal
from gateway.passing import Passing, respond
from gateway.upstream.answer import Answer
from gateway.views.orders import Orders

_WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,4})\"?(?:$|[,;\s])")
_LONGEST_SECONDS = 20
_FIRST_LOOK_SECONDS, _LOOK_AGAIN_SECONDS = 1.0, 5.0
"""Without an event. The first look is early: the order may have been decided before anybody watched."""
_DECIDED = frozenset({"confirmed", "cancelled", "action-required", "declined"})


class WaitingCheckout:
    """Passes the write on; with ``Prefer: wait`` follows its order. Not decided in time: the upstream's 202 as it was."""

    def __init__(
        self, passing: Passing, orders: Orders, fanout: Fanout, renew: Renewal, *, events_arrive: Callable[[], bool]
    ) -> None:
        self._passing = passing
        self._orders = orders
        self._fanout = fanout
        self._renew = renew
        self._events_arrive = events_arrive

    async def __call__(self, call: Call) -> Response:
        answer = await self._passing.send(call)
        seconds = wanted_wait(call.request.headers.get("prefer", ""))
        if answer.status != 202 or not seconds:
            return respond(answer)
        accepted = answer.document()
        decided = await self._decided(call, accepted["order_id"], seconds) if self._events_arrive() else None
        if decided is None:
            return _held(answer, seconds, applied=self._events_arrive())
        body = orjson.dumps({**accepted, **decided})
        headers = {"Preference-Applied": f"wait={seconds}", "Content-Location": accepted["status_url"]}
        return Response(body, 200, headers, media_type="application/json")

    async def _decided(self, call: Call, order_id: str, seconds: int) -> dict[str, Any] | None:
        ends_at = time.monotonic() + seconds
        patience = _FIRST_LOOK_SECONDS
        with self._fanout.watching(order_id) as watch:
            while await _changed(watch, ends_at, patience):
                watch.changed.clear()
                renewed = await self._renew(call)
                order = await self._look(renewed, order_id)
                if order is not None and order["status"] in _DECIDED:
                    return {**await self._orders.with_parts(renewed, order), "partial": renewed.partial}
                patience = _LOOK_AGAIN_SECONDS
        return None

    async def _look(self, call: Call, order_id: str) -> dict[str, Any] | None:
        """The order is written; failing to read it again must not fail the checkout."""
        try:
            return await self._orders.owned(call, order_id)
        except AppError:
            return None


def wanted_wait(prefer: str) -> int:
    """Seconds from a Prefer header, at most 20; 0 without one."""
    found = _WAIT.search(prefer)
    return min(int(found[1]), _LONGEST_SECONDS) if found else 0


async def _changed(watch: Watch, ends_at: float, patience: float) -> bool:
    """False when time is up; true when the order should be read: something happened to it, or nothing for ``patience`` seconds."""
    left = ends_at - time.monotonic()
    if left <= 0:
        return False
    try:
        await asyncio.wait_for(watch.changed.wait(), min(left, patience))
    except TimeoutError:
        return ends_at > time.monotonic()
    return True


def _held(answer: Answer, seconds: int, *, applied: bool) -> Response:
    response = respond(answer)
    if applied:
        response.headers["Preference-Applied"] = f"wait={seconds}"
    return response
