"""Browsers' sessions: identity makes and ends them, the gateway keeps them in a cookie that scripts cannot read."""

import time
from datetime import datetime

import orjson
from starlette.responses import Response

from gateway.call import Call
from gateway.credentials.cookies import clear_session, set_session
from gateway.credentials.credential import Kind
from gateway.credentials.tokens import TokenExchange
from gateway.passing import Passing, respond
from gateway.refusals import UpstreamAway


class SignIn:
    """``POST /v1/sessions``: the secret goes into the cookie and leaves the body; a session that the browser had ends."""

    def __init__(self, passing: Passing, exchange: TokenExchange) -> None:
        self._passing = passing
        self._exchange = exchange

    async def __call__(self, call: Call) -> Response:
        answer = await self._passing.send(call)
        self._exchange.forget(call.credential)
        if not answer.is_success:
            return respond(answer)
        session = answer.document()
        try:
            token = str(session.pop("session_token"))
            seconds = _seconds_until(session["expires_at"])
        except (KeyError, ValueError):
            raise UpstreamAway("identity", "garbage") from None
        response = respond(answer, body=orjson.dumps(session))
        set_session(response, token, seconds=seconds)
        return response


class SignOut:
    """``DELETE /v1/sessions/current``: the cookie goes even when the session was already dead."""

    def __init__(self, passing: Passing, exchange: TokenExchange) -> None:
        self._passing = passing
        self._exchange = exchange

    async def __call__(self, call: Call) -> Response:
        answer = await self._passing.send(call)
        self._exchange.forget(call.credential)
        response = respond(answer)
        if call.credential.kind is Kind.SESSION:
            clear_session(response)
        return response


def _seconds_until(expires_at: str | int) -> int:
    moment = datetime.fromisoformat(expires_at).timestamp() if isinstance(expires_at, str) else float(expires_at)
    return max(0, int(moment - time.time()))
