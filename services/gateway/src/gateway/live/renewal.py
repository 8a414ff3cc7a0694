"""Long answers outlive the request's own time and token: each read gets new ones."""

from dataclasses import replace

from gateway.call import Call
from gateway.credentials.tokens import TokenExchange
from gateway.upstream.deadline import Deadline


class Renewal:
    """Raises ``SessionExpired`` as soon as identity no longer accepts the caller."""

    def __init__(self, exchange: TokenExchange, *, read_budget_ms: int) -> None:
        self._exchange = exchange
        self._read_budget_ms = read_budget_ms

    async def __call__(self, call: Call) -> Call:
        passport = await self._exchange.passport(call.credential)
        return replace(call, deadline=Deadline.after(self._read_budget_ms), passport=passport, partial=[])
