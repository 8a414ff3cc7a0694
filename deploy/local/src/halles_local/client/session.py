"""Everything that a client program needs of a running stack."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from halles_local.client.api import Caller
from halles_local.client.outside import Outside
from halles_local.stack import Stack


@dataclass(frozen=True)
class Market:
    """A running market seen from outside."""

    http: aiohttp.ClientSession
    gateway: str
    outside: Outside
    stack: Stack

    def visitor(self, name: str = "visitor") -> Caller:
        return Caller(self.http, self.gateway, name)

    async def register(self, *, name: str, email: str, password: str, locale: str) -> Caller:
        """Make an account, verify its address from the mailbox, sign in."""
        caller = self.visitor(name)
        body = {"email": email, "password": password, "display_name": name, "locale": locale}
        await caller.post("/v1/accounts", body)
        await caller.post("/v1/accounts/verification", {"token": await self.outside.token_for(email)})
        return await caller.sign_in(email, password)


@asynccontextmanager
async def market(stack: Stack) -> AsyncIterator[Market]:
    """The market of this stack."""
    timeout = aiohttp.ClientTimeout(total=40)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), timeout=timeout) as http:
        outside = Outside(http, stack.ports.url("mail"), stack.ports.url("carrier"))
        yield Market(http, stack.ports.url("gateway"), outside, stack)
