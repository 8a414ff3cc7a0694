"""The API's way of a request: key, account, faults, idempotency, one transaction, answer."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

import orjson

from standins.server import AsgiApp
from standins.stripe.api_keys import check_key
from standins.stripe.call import Call, Operation, Router
from standins.stripe.cards import Answering
from standins.stripe.errors import (
    StripeError,
    account_forbidden,
    internal_error,
    key_in_use,
    not_authenticated,
    rate_limited,
    unrecognized_url,
)
from standins.stripe.events import RequestOrigin
from standins.stripe.faults import FaultKind, FaultRules, Rule
from standins.stripe.forms import decode_form
from standins.stripe.idempotency import IdempotencyKeys, KeyUse, StoredAnswer
from standins.stripe.parameters import check_parameters
from standins.stripe.presentation import expanded
from standins.stripe.shape import PLATFORM, JsonObject
from standins.stripe.unit import Unit, World
from standins.stripe.wire import Answer, Request, read_request, send_answer

logger = logging.getLogger("standins.stripe")

_SLOW_SECONDS = 3.0
_HANG_SECONDS = 120.0


class StripeApi:
    """ASGI application of the paths `/v1` and `/v2`."""

    def __init__(self, world: World, router: Router, *, faults: FaultRules) -> None:
        self._world = world
        self._router = router
        self._faults = faults
        self._keys = IdempotencyKeys(world.connection)
        self._running: set[tuple[str, str]] = set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request, or cut its connection when a fault or a card says so."""
        request = await read_request(scope, receive)
        answer = await self._answer(request)
        if answer.answering == Answering.TIMEOUT:
            await asyncio.sleep(_HANG_SECONDS)
        if answer.answering in (Answering.CUT, Answering.TIMEOUT):
            scope["standins.abort"]()
            return
        await send_answer(send, request, answer)

    async def _answer(self, request: Request) -> Answer:
        try:
            operation, path, account, is_publishable = self._admit(request)
            rule = self._faults.for_request(request.method, request.path, account)
            await _apply_before(rule)
            given = _given(request, operation)
            call = _Prepared(operation, path, account, is_publishable, given, rule)
            return await self._run(request, call)
        except _Cut:
            return Answer(0, b"", answering=Answering.CUT)
        except StripeError as error:
            return Answer(error.status, error.body(), headers=error.headers)
        except Exception:
            logger.exception("%s %s failed", request.method, request.path)
            return Answer(500, internal_error().body())

    def _admit(self, request: Request) -> tuple[Operation, dict[str, str], str, bool]:
        is_publishable = check_key(request)
        found = self._router.match(request.method, request.path)
        if found is None:
            raise unrecognized_url(request.method, request.path)
        operation, path = found
        if is_publishable and not operation.allows_publishable:
            raise not_authenticated("This API call cannot be made with a publishable API key. Use a secret key.")
        context = request.headers.get("stripe-account") or request.headers.get("stripe-context") or PLATFORM
        if context != PLATFORM and self._world.unit().session.get("account", context) is None:
            raise account_forbidden(context)
        return operation, path, context, is_publishable

    async def _run(self, request: Request, call: "_Prepared") -> Answer:
        key = request.idempotency_key
        if key is None:
            return await self._finish(request, call, None)
        owner = (call.account, key)
        if owner in self._running:
            raise key_in_use(key)
        use = KeyUse.of(call.account, key, operation=f"{request.method} {request.path}", params=call.given)
        stored = self._keys.replay(use, self._world.clock.now())
        if stored is not None:
            headers = {"Idempotent-Replayed": "true", "Original-Request": stored.request_id}
            return Answer(stored.status, stored.body, headers)
        self._running.add(owner)
        try:
            return await self._finish(request, call, use)
        finally:
            self._running.discard(owner)

    async def _finish(self, request: Request, call: "_Prepared", use: KeyUse | None) -> Answer:
        """Execute, then be as slow or as lost as the card or the rule wants."""
        params = check_parameters(call.operation.parameters, call.given)
        if call.rule is not None and call.rule.kind == FaultKind.DELAY:
            await asyncio.sleep(call.rule.seconds)
        answer = self._execute(request, call, params=params, use=use)
        if answer.answering == Answering.SLOW:
            await asyncio.sleep(_SLOW_SECONDS)
        return _distorted(answer, call.rule)

    def _execute(self, request: Request, call: "_Prepared", *, params: JsonObject, use: KeyUse | None) -> Answer:
        origin = RequestOrigin(request.id, request.idempotency_key)
        if call.is_to_fail(FaultKind.ERROR_BEFORE):
            return self._store_failure(request, use, internal_error())
        try:
            with self._world.begin(origin) as unit:
                answer = _handle(unit, call, params)
                if call.is_to_fail(FaultKind.ERROR_AFTER):
                    answer = Answer(500, internal_error().body())
                self._remember(request, use, answer, is_v2=call.operation.is_v2)
                return answer
        except StripeError as error:
            return self._store_failure(request, use if not call.operation.is_v2 else None, error)

    def _store_failure(self, request: Request, use: KeyUse | None, error: StripeError) -> Answer:
        answer = Answer(error.status, error.body(), headers=error.headers)
        if use is not None and error.is_stored:
            with self._world.begin():
                self._remember(request, use, answer, is_v2=False)
        return answer

    def _remember(self, request: Request, use: KeyUse | None, answer: Answer, *, is_v2: bool) -> None:
        """Store the answer with its effect; v2 remembers successes only and lets a failed request be tried again."""
        if use is not None and not (is_v2 and answer.status >= 400):
            stored = StoredAnswer(answer.status, answer.body, request.id)
            self._keys.store(use, stored, self._world.clock.now())


@dataclass(frozen=True)
class _Prepared:
    operation: Operation
    path: dict[str, str]
    account: str
    is_publishable: bool
    given: JsonObject
    rule: Rule | None

    def is_to_fail(self, kind: FaultKind) -> bool:
        return self.rule is not None and self.rule.kind == kind


class _Cut(Exception):
    """The connection is to be cut before anything is executed."""


def api_or_pages(api: StripeApi, pages: AsgiApp) -> AsgiApp:
    """Send `/v1` and `/v2` to the API without any framework in between, everything else to the pages."""

    async def dispatch(scope: Any, receive: Any, send: Any) -> None:
        is_api = scope["type"] == "http" and scope["path"].startswith(("/v1/", "/v2/"))
        await (api if is_api else pages)(scope, receive, send)

    return dispatch


def _handle(unit: Unit, call: _Prepared, params: JsonObject) -> Answer:
    """Run the handler; a decline leaves its traces, any other error leaves none."""
    current = Call(unit, call.account, params, call.path, call.is_publishable)
    try:
        body = call.operation.handler(current)
    except StripeError as error:
        if not error.keeps_state:
            raise
        return Answer(error.status, error.body(), headers=error.headers)
    if paths := params.get("expand"):
        body = expanded(unit, body, paths)
    if current.answering == Answering.ERROR:
        return Answer(500, internal_error().body())
    return Answer(200, orjson.dumps(body), answering=current.answering)


async def _apply_before(rule: Rule | None) -> None:
    if rule is None:
        return
    if rule.kind == FaultKind.CUT_BEFORE:
        raise _Cut
    if rule.kind == FaultKind.RATE_LIMIT:
        raise rate_limited(should_retry=rule.should_retry)
    if rule.kind == FaultKind.CONFLICT:
        raise key_in_use("(injected)")


def _distorted(answer: Answer, rule: Rule | None) -> Answer:
    if rule is None:
        return answer
    if rule.kind == FaultKind.CUT_AFTER:
        return Answer(answer.status, answer.body, answering=Answering.CUT)
    if rule.kind == FaultKind.HANG_AFTER:
        return Answer(answer.status, answer.body, answering=Answering.TIMEOUT)
    if rule.kind == FaultKind.MALFORMED:
        return Answer(answer.status, answer.body[: len(answer.body) // 2], headers=answer.headers)
    return answer


def _given(request: Request, operation: Operation) -> JsonObject:
    given = decode_form(request.query) if request.query else {}
    if not request.body:
        return given
    if not operation.is_v2:
        return given | decode_form(request.body)
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        error = {"type": "invalid_request_error", "code": "invalid_json", "message": "The body is not a JSON object."}
        raise StripeError(400, error, is_stored=False)
    return given | body
