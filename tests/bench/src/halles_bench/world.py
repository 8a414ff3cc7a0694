"""What every operation needs: the running stack, its processes, a client, signed-in buyers, ids to ask for."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

import aiohttp

from halles_bench.database import Databases
from halles_bench.load import Failed
from halles_bench.uncached import Uncached
from halles_local.client.api import Caller
from halles_local.client.session import Market, market
from halles_local.market_content import content
from halles_local.stack import Stack
from halles_local.supervisor import Supervisor

SEED = 20261123
"""Runs ask for the same things in the same order."""


@dataclass
class World:
    """``pids`` are the stack's processes by name. ``random`` is seeded."""

    market: Market
    http: aiohttp.ClientSession
    databases: Databases
    uncached: Uncached | None = None
    random: Random = field(default_factory=lambda: Random(SEED))
    _buyers: list[Caller] = field(default_factory=list)

    @property
    def stack(self) -> Stack:
        return self.market.stack

    @property
    def gateway(self) -> str:
        return self.market.gateway

    def pids(self) -> dict[str, int]:
        states = Supervisor(self.stack).states()
        found = {state.name: state.pid for state in states if state.pid is not None}
        return found | (self.uncached.pids() if self.uncached else {})

    @asynccontextmanager
    async def second_gateway(self) -> AsyncIterator[None]:
        """Beside the stack for the block only: it hears every event, which other operations shall not pay for."""
        async with Uncached.started(self.stack, self.http) as self.uncached:
            try:
                yield
            finally:
                self.uncached = None

    @property
    def past_the_cache(self) -> str:
        """Address of the second gateway."""
        if self.uncached is None:
            raise RuntimeError("the second gateway is not started")
        return self.uncached.address

    async def get(self, url: str) -> bytes:
        """The body of a successful answer."""
        async with self.http.get(url) as answer:
            body = await answer.read()
            if answer.status != 200:
                raise Failed(f"GET {url}: {answer.status} {body[:300]!r}")
            return body

    async def buyers(self, count: int) -> Sequence[Caller]:
        """Verified accounts, signed in; made once and used by all runs on this stack."""
        password = content("people")["password"]
        while len(self._buyers) < count:
            number = len(self._buyers)
            email = f"bench-{number}@acheteurs.example"
            if await self.databases.has_account(email):
                buyer = await self.market.visitor(email).sign_in(email, password)
            else:
                buyer = await self.market.register(
                    name=f"Acheteuse {number}", email=email, password=password, locale="fr"
                )
            self._buyers.append(buyer)
        return self._buyers[:count]

    def known_buyers(self) -> Sequence[Caller]:
        """Those signed in so far."""
        return self._buyers


@asynccontextmanager
async def world(stack: Stack) -> AsyncIterator[World]:
    """Everything open, for a stack that runs."""
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=30)
    jar = aiohttp.DummyCookieJar()
    async with (
        market(stack) as place,
        aiohttp.ClientSession(connector=connector, cookie_jar=jar, timeout=aiohttp.ClientTimeout(total=60)) as http,
        Databases.opened(stack) as databases,
    ):
        yield World(place, http, databases)
