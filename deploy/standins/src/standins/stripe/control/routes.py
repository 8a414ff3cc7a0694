"""Routes of the control API; each needs `Authorization: Bearer <STANDIN_CONTROL_TOKEN>`."""

import hmac
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from standins.database import write_transaction
from standins.outbound.queue import DeliveryQueue
from standins.stripe.control.book import book
from standins.stripe.faults import FaultRules, RuleError
from standins.stripe.idempotency import IdempotencyKeys
from standins.stripe.pages.three_d_secure import OUTCOMES, settle_challenge
from standins.stripe.resources.account_states import AccountState, change_state
from standins.stripe.resources.intent_attempts import Status
from standins.stripe.shape import JsonObject
from standins.stripe.unit import World

_WIPED = ("resource_key", "resource", "balance", "unsettled", "idempotency", "job", "fault", "delivery", "meta")

Answering = Callable[["Control", Request], Awaitable[Response]]


def _authorised(handler: Answering) -> Answering:
    @wraps(handler)
    async def checked(control: "Control", request: Request) -> Response:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), control.token.encode()):
            return _json({"error": "the control token is missing or wrong"}, status=401)
        return await handler(control, request)

    return checked


class Control:
    """Faults, clock, deliveries, states, and the book."""

    def __init__(self, world: World, faults: FaultRules, *, queue: DeliveryQueue) -> None:
        self._world = world
        self._faults = faults
        self._queue = queue
        self.token = world.settings.control_token

    def routes(self) -> list[Route]:
        """Return the routes below `/_control`."""
        return [
            Route("/faults", self.list_faults),
            Route("/faults", self.add_fault, methods=["POST"]),
            Route("/faults", self.remove_faults, methods=["DELETE"]),
            Route("/faults/{number:int}", self.remove_faults, methods=["DELETE"]),
            Route("/clock", self.show_clock),
            Route("/clock", self.advance_clock, methods=["POST"]),
            Route("/book", self.show_book),
            Route("/deliveries", self.list_deliveries),
            Route("/deliveries/retry", self.retry_deliveries, methods=["POST"]),
            Route("/accounts/{id}", self.set_account_state, methods=["POST"]),
            Route("/payment_intents/{id}/authenticate", self.authenticate, methods=["POST"]),
            Route("/reset", self.reset, methods=["POST"]),
        ]

    @_authorised
    async def list_faults(self, _: Request) -> Response:
        """List the rules with how often each was seen and applied."""
        return _json({"faults": self._faults.listed()})

    @_authorised
    async def add_fault(self, request: Request) -> Response:
        """Add a rule."""
        try:
            number = self._faults.add(await _body(request))
        except RuleError as error:
            return _json({"error": str(error)}, status=400)
        return _json({"id": number}, status=201)

    @_authorised
    async def remove_faults(self, request: Request) -> Response:
        """Remove one rule or all."""
        return _json({"removed": self._faults.remove(request.path_params.get("number"))})

    @_authorised
    async def show_clock(self, _: Request) -> Response:
        """Say what time it is here."""
        return _json({"now": self._world.clock.now(), "offset": self._world.clock.offset})

    @_authorised
    async def advance_clock(self, request: Request) -> Response:
        """Move the clock forwards; what becomes due runs at once."""
        seconds = (await _body(request)).get("seconds")
        if not isinstance(seconds, int | float) or seconds < 0:
            return _json({"error": "seconds must be a number that is not negative"}, status=400)
        self._world.clock.advance(seconds)
        IdempotencyKeys(self._world.connection).forget_old(self._world.clock.now())
        self._world.notify()
        return _json({"now": self._world.clock.now(), "offset": self._world.clock.offset})

    @_authorised
    async def show_book(self, request: Request) -> Response:
        """Show everything that moved, of one transfer group if asked."""
        with self._world.begin() as unit:
            return _json(book(unit, request.query_params.get("transfer_group")))

    @_authorised
    async def list_deliveries(self, request: Request) -> Response:
        """List webhooks on their way and past, newest first."""
        return _json({"deliveries": self._queue.listed(state=request.query_params.get("state"))})

    @_authorised
    async def retry_deliveries(self, _: Request) -> Response:
        """Make everything undelivered due now."""
        count = self._queue.retry_all(self._world.clock.now())
        self._world.notify()
        return _json({"retried": count})

    @_authorised
    async def set_account_state(self, request: Request) -> Response:
        """Put a connected account into a state."""
        wanted = (await _body(request)).get("state")
        if wanted not in tuple(AccountState):
            return _json({"error": f"state must be one of {', '.join(AccountState)}"}, status=400)
        with self._world.begin() as unit:
            account = unit.session.get("account", request.path_params["id"])
            if account is None:
                return _json({"error": "no such account"}, status=404)
            account["_submitted"] = wanted != AccountState.RESTRICTED
            change_state(unit, account, AccountState(wanted))
        return _json({"id": account["id"], "state": wanted})

    @_authorised
    async def authenticate(self, request: Request) -> Response:
        """Answer a 3-D Secure challenge without a browser."""
        passed = OUTCOMES.get(str((await _body(request)).get("outcome")))
        if passed is None:
            return _json({"error": f"outcome must be one of {', '.join(OUTCOMES)}"}, status=400)
        with self._world.begin() as unit:
            intent = unit.session.get("payment_intent", request.path_params["id"])
            if intent is None or intent["status"] != Status.REQUIRES_ACTION:
                return _json({"error": "no such payment intent waits for authentication"}, status=409)
            settle_challenge(unit, intent, passed=passed)
        return _json({"id": intent["id"], "status": intent["status"]})

    @_authorised
    async def reset(self, _: Request) -> Response:
        """Wipe everything: resources, keys, webhooks, faults, clock."""
        with write_transaction(self._world.connection) as connection:
            for table in _WIPED:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608
        self._world.clock.set_offset(0.0)
        self._world.reload()
        self._faults.reload()
        return _json({"reset": True})


async def _body(request: Request) -> JsonObject:
    try:
        body = orjson.loads(await request.body() or b"{}")
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def _json(body: Any, *, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status_code=status, media_type="application/json")
