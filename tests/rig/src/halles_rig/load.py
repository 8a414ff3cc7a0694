"""The loads of reliability.md 6.3: L0 one journey at a time, L1 a market day, L2 sixty per cent of today's ceiling.

L1 there is 20 checkouts and 100 reads a second on machines of its own. Here the same mix runs at ``rate`` checkouts a second.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from halles_local.client.outside import Outside
from halles_rig import journeys
from halles_rig.journal import Journal
from halles_rig.journeys import Order
from halles_rig.person import Person
from halles_rig.world import World

SHARES = {"read": 5.0, "edit": 0.25, "notify": 0.25}
"""Calls per checkout: 100, 5 and 5 against 20."""
_RENEW_SECONDS = 240.0
_CEILING_SECONDS = 10.0
_CEILING_BUYERS = 8


@dataclass
class Crowd:
    """Everybody who takes part, and what became of the orders."""

    world: World
    dice: random.Random
    buyers: list[Person]
    owners: list[Person]
    outside: Outside
    journal: Journal
    orders: dict[str, Order] = field(default_factory=dict)
    turned_away: int = 0
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    async def sign_in(self) -> None:
        people = [*self.buyers, *self.owners]
        old = [person for person in people if time.monotonic() - person.signed_in > _RENEW_SECONDS]
        for start in range(0, len(old), 6):
            await asyncio.gather(*(person.sign_in() for person in old[start : start + 6]))

    def outcomes(self) -> Counter[str]:
        return Counter(order.status for order in self.orders.values())

    def anybody(self) -> Person:
        """A buyer for L0."""
        return self.dice.choice(self.buyers)

    @asynccontextmanager
    async def trading(self, rate: float) -> AsyncIterator[None]:
        """L1 or L2 while the block runs; leaves when every journey that began has ended."""
        await self.sign_in()
        arrivals = [asyncio.create_task(self._arrive(rate, self._purchase))]
        works = {"read": journeys.read, "edit": journeys.edit, "notify": journeys.notify}
        for name, share in SHARES.items():
            arrivals.append(asyncio.create_task(self._arrive(rate * share, self._work(works[name]))))
        try:
            yield
        finally:
            for task in arrivals:
                task.cancel()
            await asyncio.gather(*arrivals, return_exceptions=True)
            await self._all_home()

    async def ceiling(self) -> float:
        """Checkouts a second that buyers who never pause get decided; L2 is sixty per cent of it."""
        await self.sign_in()
        end, done = time.monotonic() + _CEILING_SECONDS, 0

        async def on_and_on(buyer: Person) -> int:
            number = 0
            while time.monotonic() < end:
                await journeys.purchase(self, buyer, card=journeys.GOOD[0])
                number += 1
            return number

        started = time.monotonic()
        done = sum(await asyncio.gather(*(on_and_on(buyer) for buyer in self.buyers[:_CEILING_BUYERS])))
        return done / (time.monotonic() - started)

    async def go_home(self) -> None:
        """Nobody leaves an order half way: those who were asked for something cancel."""
        await self.sign_in()
        waiting = [order for order in self.orders.values() if order.status in ("action-required", "declined")]
        await asyncio.gather(*(journeys.cancel(self, order) for order in waiting))

    async def _arrive(self, rate: float, work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        while True:
            await asyncio.sleep(self.dice.expovariate(rate))
            task = asyncio.create_task(work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _all_home(self) -> None:
        while self._tasks:
            done, _ = await asyncio.wait(self._tasks)
            for task in done:
                task.result()

    async def _purchase(self) -> None:
        free = [buyer for buyer in self.buyers if not buyer.lock.locked()]
        if not free:
            self.turned_away += 1
            return
        buyer = self.dice.choice(free)
        async with buyer.lock:
            await journeys.purchase(self, buyer)

    def _work(self, journey: Callable[["Crowd"], Awaitable[Any]]) -> Callable[[], Coroutine[Any, Any, Any]]:
        async def work() -> None:
            await journey(self)

        return work


def people(emails: list[str], http: aiohttp.ClientSession, gateway: str, journal: Journal) -> list[Person]:
    return [Person(email, http, gateway, journal) for email in emails]
