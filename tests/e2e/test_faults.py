"""Every service is killed in turn and Kafka once while people buy; then, at rest, every invariant holds."""

import asyncio
import os
import random
import signal
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from e2e_kit import ADDRESS, World, empty_cart

from halles_local.client import buying
from halles_local.client.api import Caller, Refused
from halles_local.client.patience import TooLong, until
from halles_local.ports import SERVICES
from halles_local.supervisor import Supervisor

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]
JOURNEYS = 20
"""At least; buyers go on until everything was killed."""
AT_ONCE = 5
CARDS = ("pm_card_visa", "pm_card_mastercard", "pm_card_chargeDeclined", "pm_standin_timeout")
AWAY = (aiohttp.ClientError, TimeoutError, TooLong)


@dataclass
class Killer:
    """Kills by pid what the supervisor runs; the supervisor starts it again."""

    supervisor: Supervisor
    dice: random.Random
    killed: Counter[str] = field(default_factory=Counter)

    def kill(self, name: str) -> None:
        pid = self.supervisor.state(name).pid
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
            self.killed[name] += 1

    async def rampage(self) -> None:
        """Each service once, in random order, Kafka somewhere in between; each is back before the next goes."""
        victims = [*SERVICES, "kafka"]
        self.dice.shuffle(victims)
        for name in victims:
            await asyncio.to_thread(self.kill, name)
            await until(f"{name} runs again", lambda name=name: self._is_back(name), seconds=60)  # type: ignore[misc]

    async def _is_back(self, name: str) -> bool | None:
        state = await asyncio.to_thread(self.supervisor.state, name)
        return state.state == "RUNNING" or None


class Buyer:
    """Buys until the market takes the order, as a patient person or app would: the same key for the same wish."""

    def __init__(self, world: World, caller: Caller, wanted: dict[str, int], card: str) -> None:
        self._world = world
        self._caller = caller
        self._wanted = wanted
        self._card = card
        self._key = uuid4().hex

    async def buy(self) -> dict[str, Any] | None:
        """The accepted order, None when the market refused for a good reason."""
        for offer_id, quantity in self._wanted.items():
            await self._again(lambda o=offer_id, q=quantity: buying.put_in_cart(self._caller, o, q))  # type: ignore[misc]
        cart = await self._again(lambda: self._caller.get("/v1/cart"))
        body = {"cart_version": cart["version"], "payment_method": self._card, "shipping_address": ADDRESS}
        try:
            accepted = await self._again(lambda: self._caller.post("/v1/checkouts", body, key=self._key))
        except Refused as refused:
            assert refused.status == 409, refused
            return None
        self._world.acknowledged.append(accepted["order_id"])
        return dict(accepted)

    async def ended(self, order_id: str) -> str:
        """What became of the order; a declined one is cancelled by its buyer."""
        order = await self._again(
            lambda: buying.decided(self._caller, order_id, wanted=("confirmed", "cancelled", "declined"))
        )
        if order["status"] == "declined":
            await self._again(lambda: self._caller.post(f"/v1/orders/{order_id}/cancellation"))
            order = await self._again(lambda: buying.decided(self._caller, order_id, wanted=("cancelled",)))
        return str(order["status"])

    async def _again(self, work: Any) -> Any:
        """Until it is answered: people press the button again when the line was cut."""

        async def attempt() -> Any:
            try:
                return (await work(),)
            except AWAY:
                return None
            except Refused as refused:
                if refused.status in (500, 503) or refused.code == "idempotency-in-flight":
                    return None
                raise

        (result,) = await _within(attempt, seconds=150)
        return result


async def _within(attempt: Any, *, seconds: float) -> Any:
    refusal: list[Refused] = []

    async def look() -> Any:
        try:
            return await attempt()
        except Refused as refused:
            refusal.append(refused)
            return ()

    found = await until("an answer", look, seconds=seconds)
    if refusal:
        raise refusal[0]
    return found


async def test_random_kills_lose_nothing_and_double_nothing(world: World) -> None:
    dice = random.Random(20260302)
    offers = [await world.offer(shop, stock=60, price=900 + 37 * n) for n, shop in enumerate(world.shops[:5])]
    crowd = await world.buyers(AT_ONCE)
    await asyncio.gather(*(empty_cart(caller) for caller in crowd))
    killer = Killer(Supervisor(world.place.stack), dice)
    rampage = asyncio.create_task(killer.rampage())
    outcomes: Counter[str] = Counter()

    async def buy_on(caller: Caller) -> None:
        while not rampage.done() or outcomes.total() < JOURNEYS:
            wanted = {offer: dice.randint(1, 2) for offer in dice.sample(offers, 2)}
            buyer = Buyer(world, caller, wanted, dice.choice(CARDS))
            order = await buyer.buy()
            outcomes[await buyer.ended(order["order_id"]) if order else "refused"] += 1

    await asyncio.gather(*(buy_on(caller) for caller in crowd))
    await rampage

    assert set(killer.killed) == {*SERVICES, "kafka"}
    assert outcomes["confirmed"] > JOURNEYS / 2
    assert outcomes["cancelled"] > 0
    print(f"killed {dict(killer.killed)} while {dict(outcomes)}")
    await world.at_rest()
