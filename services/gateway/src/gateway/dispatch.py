"""Finds the route, lets the request in (limits, identity, key, body), and has it answered by its view or passed on."""

import re
from collections.abc import Mapping

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from edge.errors import AppError, from_app_error, problem
from gateway.call import Call, View
from gateway.credentials.cookies import clear_session
from gateway.credentials.credential import ANONYMOUS, Credential, Kind, credential_of
from gateway.credentials.tokens import Passport, TokenExchange
from gateway.edge.limits import Limiter, Standing
from gateway.refusals import (
    BodyTooLarge,
    InvalidRequest,
    KeyMalformed,
    KeyMissing,
    MethodNotAllowed,
    NoSuchRoute,
    SessionExpired,
    SignInFirst,
    WrongMediaType,
)
from gateway.table.every import Match, Table
from gateway.table.route import Access, CachePolicy, Route
from gateway.upstream.deadline import Deadline
from gateway.views.parts import Refused, refusal

log = structlog.get_logger()
_KEY = re.compile(r"^[\x21-\x7e]{8,128}$")
_OWN = "gateway"


class Dispatcher:
    """``views`` by the name in the table; routes without one go to ``passing``."""

    def __init__(
        self,
        table: Table,
        *,
        exchange: TokenExchange,
        limiter: Limiter,
        passing: View,
        views: Mapping[str, View],
        read_budget_ms: int,
    ) -> None:
        self._table = table
        self._exchange = exchange
        self._limiter = limiter
        self._passing = passing
        self._views = views
        self._read_budget_ms = read_budget_ms

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = await self.admit_or_refuse(Request(scope, receive))
        response = call if isinstance(call, Response) else await self.answer(call)
        await response(scope, receive, send)

    def cache_policy(self, scope: Scope) -> CachePolicy | None:
        """Of the route that this request is for, if any."""
        found = self._table.find(scope["method"], scope["raw_path"])
        return found.route.cache if isinstance(found, Match) else None

    async def admit_or_refuse(self, request: Request) -> Call | Response:
        """A call that may go on, or the problem that says why not."""
        try:
            return await self._admit(request)
        except SessionExpired as error:
            response = from_app_error(error)
            clear_session(response)
            return response
        except AppError as error:
            return from_app_error(error)
        except ClientDisconnect:
            return problem(400, "client-gone", "The client went away", "The request was not complete.")

    async def answer(self, call: Call) -> Response:
        """Never raises: refusals become problems, bugs a 500 that says nothing of the inside."""
        view = self._views[call.route.view] if call.route.view else self._passing
        try:
            response = await view(call)
        except Refused as error:
            response = refusal(error)
        except AppError as error:
            response = from_app_error(error)
        except Exception as error:
            log.error("request.crashed", exc_info=error)
            response = problem(
                500, "internal-error", "Internal error", "Something went wrong on our side. It has been recorded."
            )
        return _finished(call, response)

    async def _admit(self, request: Request) -> Call:
        match = self._found(request)
        route, credential = match.route, credential_of(request)
        request.scope["halles.route"] = route.path
        if route.access is Access.ACCOUNT and credential is ANONYMOUS:
            raise SignInFirst("Sign in to do this.")
        passport, standing = await self._identify(request, route, credential)
        if route.keyed:
            _check_key(request)
        call = Call(
            request=request,
            route=route,
            values=match.values,
            deadline=Deadline.after(route.budget_ms or self._read_budget_ms),
            credential=credential,
            passport=passport,
            body=await _body(request, route),
        )
        request.scope["halles.standing"] = standing
        return call

    def _found(self, request: Request) -> Match:
        found = self._table.find(request.method, request.scope["raw_path"])
        if isinstance(found, Match):
            return found
        if found is None:
            raise NoSuchRoute("There is nothing here. The paths of this API are listed at /docs.")
        allow = ", ".join(sorted(found))
        raise MethodNotAllowed(f"This path takes {allow}.", headers={"Allow": allow})

    async def _identify(
        self, request: Request, route: Route, credential: Credential
    ) -> tuple[Passport | None, Standing | None]:
        """Visitors are counted by address, accounts by their id; a credential that nobody has checked yet by both."""
        if route.access is Access.SIGNED:
            return None, None
        shown = ANONYMOUS if route.access is Access.PUBLIC else credential
        standing = None
        if shown is ANONYMOUS or not self._exchange.knows(shown):
            standing = await self._limiter.charge(f"address:{request.scope['halles.client']}", route.weight)
        if route.upstream == _OWN:
            return None, standing
        passport = await self._passport(route, shown)
        if not passport.is_anonymous:
            request.scope["halles.principal"] = passport.subject
            standing = await self._limiter.charge(f"account:{passport.subject}", route.weight)
        return passport, standing

    async def _passport(self, route: Route, credential: Credential) -> Passport:
        try:
            return await self._exchange.passport(credential, fresh=route.fresh)
        except SessionExpired:
            if route.access is Access.EITHER and credential.kind is Kind.SESSION:
                return await self._exchange.passport(ANONYMOUS)
            raise


def _finished(call: Call, response: Response) -> Response:
    """With the caller's standing, and without a session that identity no longer knows."""
    standing: Standing | None = call.request.scope.get("halles.standing")
    if standing is not None:
        for name, text in standing.headers().items():
            response.headers[name] = text
    is_anonymous = call.passport is not None and call.passport.is_anonymous
    if call.route.access is Access.EITHER and is_anonymous and call.credential.kind is Kind.SESSION:
        clear_session(response)
    return response


def _check_key(request: Request) -> None:
    key = request.headers.get("idempotency-key")
    if key is None:
        raise KeyMissing("Send an Idempotency-Key: a new random word for each new order, the same one for a retry.")
    if not _KEY.match(key):
        raise KeyMalformed("An Idempotency-Key has 8 to 128 visible ASCII characters.")


async def _body(request: Request, route: Route) -> bytes:
    """The whole body, never more than the route takes, of a type that it takes unless it is signed (S39)."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit():
        raise InvalidRequest("Content-Length is not a number.")
    if int(declared) > route.body_limit:
        raise _too_large(route)
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > route.body_limit:
            raise _too_large(route)
        chunks.append(chunk)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if size and route.access is not Access.SIGNED and media_type not in route.media_types:
        raise WrongMediaType(f"This takes {', '.join(route.media_types)}.")
    return b"".join(chunks)


def _too_large(route: Route) -> BodyTooLarge:
    return BodyTooLarge(f"The body is larger than {route.body_limit // 1024} KiB.", headers={"Connection": "close"})
