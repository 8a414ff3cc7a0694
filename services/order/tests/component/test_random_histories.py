"""Many orders with neighbours that answer late, doubly, or change their mind: in the end goods and money add up."""

import random
from collections import deque
from datetime import UTC, datetime
from typing import Any

import pytest

from contracts import catalog, payment
from contracts.event import Event
from contracts.values import Money

SOON = datetime(2026, 3, 2, tzinfo=UTC)
TOTAL = Money(amount=4450, currency="EUR")
FINAL = {"confirmed", "cancelled"}


class Catalog:
    """Holds goods for orders as the contract says: all or nothing, repeated commands get the stored answer."""

    def __init__(self, chance: random.Random) -> None:
        self.holds: dict[str, str] = {}
        self._chance = chance

    def obey(self, command: Any) -> Event:
        order_id, told = command.order_id, {"order_id": command.order_id, "command_id": command.command_id}
        if isinstance(command, catalog.ReserveStock):
            first = self._chance.choice(["reserved"] * 9 + ["rejected"])
            if self.holds.setdefault(order_id, first) in ("reserved", "committed"):
                return catalog.StockReserved(**told, expires_at=SOON)
            return catalog.StockRejected(**told, shortages=())
        if isinstance(command, catalog.CommitReservation):
            if self.holds[order_id] == "expired" and self._chance.random() < 0.5:
                return catalog.ReservationExpired(**told)
            if self.holds[order_id] in ("reserved", "expired", "committed"):
                self.holds[order_id] = "committed"
                return catalog.ReservationCommitted(**told)
            return catalog.ReservationExpired(**told)
        self.holds[order_id] = "released"
        return catalog.StockReleased(**told)

    def expire(self, order_id: str) -> Event | None:
        if self.holds.get(order_id) != "reserved":
            return None
        self.holds[order_id] = "expired"
        return catalog.ReservationExpired(order_id=order_id)


class Payment:
    """Holds money for orders; cancelling brings it to zero and bars what has not begun."""

    def __init__(self, chance: random.Random) -> None:
        self.holds: dict[str, str] = {}
        self._attempts: dict[str, int] = {}
        self._chance = chance

    def obey(self, command: Any) -> Event | None:
        order_id, told = command.order_id, {"order_id": command.order_id, "payment_id": "pay_1"}
        held = self.holds.get(order_id)
        if isinstance(command, payment.CancelPayment):
            self.holds[order_id] = "zero"
            return (
                payment.PaymentRefunded(**told, amount=TOTAL)
                if held == "captured"
                else payment.PaymentVoided(order_id=order_id)
            )
        if held == "zero":
            return None
        if isinstance(command, payment.AuthorisePayment):
            self._attempts[order_id] = command.attempt
            return self._try(order_id, self._chance.choice(["authorised", "action", "declined", "silent"]))
        if held == "authorised" and self._chance.random() < 0.1:
            self.holds[order_id] = "failed"
            return payment.PaymentCaptureFailed(**told, reason="expired")
        self.holds[order_id] = "captured" if held in ("authorised", "captured") else "failed"
        if self.holds[order_id] == "failed":
            return payment.PaymentCaptureFailed(**told, reason="expired")
        return payment.PaymentCaptured(**told, amount=TOTAL)

    def buyer_answers(self, order_id: str) -> Event | None:
        if self.holds.get(order_id) != "action":
            return None
        return self._try(order_id, self._chance.choice(["authorised", "declined"]))

    def _try(self, order_id: str, outcome: str) -> Event | None:
        self.holds[order_id] = outcome
        about = {"order_id": order_id, "payment_id": "pay_1"}
        if outcome == "authorised":
            return payment.PaymentAuthorised(**about, amount=TOTAL)
        if outcome == "action":
            return payment.PaymentActionRequired(**about, attempt=self._attempts[order_id])
        if outcome == "declined":
            return payment.PaymentDeclined(**about, attempt=self._attempts[order_id], reason="card_declined")
        return None


class History:
    """One random run. Commands and answers keep their order per topic, as Kafka keeps it per key; topics overtake each other."""

    def __init__(self, world: Any, chance: random.Random, order_id: str) -> None:
        self.world = world
        self.chance = chance
        self.order_id = order_id
        self.catalog, self.payment = Catalog(chance), Payment(chance)
        self.commands: dict[str, deque[Any]] = {"catalog.commands.v1": deque(), "payment.commands.v1": deque()}
        self.answers: dict[str, deque[Event]] = {"catalog.stock.v1": deque(), "payment.payment.v1": deque()}
        self.published: list[str] = []
        self.trouble = chance.choice([0.0, 0.1, 0.4])

    async def run(self) -> str:
        for _ in range(200):
            await self._collect()
            if await self._state() in FINAL and not any(self.commands.values()) and not any(self.answers.values()):
                return str(await self._state())
            await self._move()()
        raise AssertionError(f"no end after 200 moves: {await self._state()}")

    def _move(self) -> Any:
        if self.chance.random() < self.trouble:
            return self.chance.choice([self._deadline, self._expire, self._cancel])
        work: list[Any] = [self._obey] * any(self.commands.values()) + [self._hear] * any(self.answers.values())
        return self.chance.choice(work or [self._buyer_pays, self._other_card] * 3 + [self._deadline])

    async def _collect(self) -> None:
        for told in await self.world.sent():
            self.published.append(told.data.type)
            if told.data.topic in self.commands:
                self.commands[told.data.topic].extend([told.data] * self.chance.choice([1, 1, 2]))

    async def _state(self) -> Any:
        (row,) = await self.world.rows("SELECT state FROM sagas WHERE order_id = %s", self.order_id)
        return row["state"]

    async def _obey(self) -> None:
        topic = self.chance.choice([topic for topic, waiting in self.commands.items() if waiting])
        neighbour = self.catalog if topic.startswith("catalog") else self.payment
        self._tell(neighbour.obey(self.commands[topic].popleft()))

    async def _hear(self) -> None:
        topic = self.chance.choice([topic for topic, waiting in self.answers.items() if waiting])
        await self.world.say(self.answers[topic].popleft())

    async def _buyer_pays(self) -> None:
        self._tell(self.payment.buyer_answers(self.order_id))

    async def _expire(self) -> None:
        self._tell(self.catalog.expire(self.order_id))

    async def _deadline(self) -> None:
        await self.world.run_late(self.order_id)

    async def _cancel(self) -> None:
        await self.world.as_buyer().request("POST", f"/v1/orders/{self.order_id}/cancellation")

    async def _other_card(self) -> None:
        path, key = f"/v1/orders/{self.order_id}/payment", {"idempotency-key": f"key-{self.chance.random()}"}
        await self.world.as_buyer().request("POST", path, json={"payment_method": "pm_other"}, headers=key)

    def _tell(self, event: Event | None) -> None:
        if event is not None:
            self.answers[event.topic].append(event)


@pytest.mark.parametrize("seed", range(12))
async def test_every_history_ends_with_goods_and_money_in_agreement(world: Any, seed: int) -> None:
    history = History(world, random.Random(seed), await world.ordered())

    end = await history.run()

    goods, money = history.catalog.holds.get(history.order_id), history.payment.holds.get(history.order_id)
    if end == "confirmed":
        assert (goods, money) == ("committed", "captured")
    else:
        assert goods in ("released", "rejected")
        assert money in ("zero", None)
    ends = [kind for kind in history.published if kind in ("order.order-confirmed.v1", "order.order-cancelled.v1")]
    assert ends == [f"order.order-{end}.v1"]
