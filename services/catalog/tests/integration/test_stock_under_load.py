"""Many consumers, sellers and the sweeper at once, on the real database: the figures add up."""

import asyncio
import random

from services.catalog.tests.factories import Market, commit, release, reserve, shop
from services.catalog.tests.ledger import require_invariants

from catalog.consumers import commands_and_shops
from catalog.service.offers import OfferChange, change_offer
from chassis.consume import Consumer
from chassis.db import Database
from edge.errors import Conflict
from testkit import Tape, emitted
from testkit.delivery import FakeRecord

ORDERS, LANES = 120, 4


async def test_figures_add_up_after_anything_at_once(market: Market, db: Database) -> None:
    chance = random.Random(7)
    offers = [await market.anything_on_sale(stock=20, seller_id=f"sel_{n}") for n in range(3)]
    lanes = [_lane(chance, offers, lane) for lane in range(LANES)]

    await asyncio.gather(
        *(_consume(db, lane, chance) for lane in lanes),
        _sell(db, chance, offers),
        _sweep(market),
        _reopen(db),
    )
    await market.sweep()

    await require_invariants(db)
    by_subject: dict[str, list[int]] = {}
    for event in await emitted(db):
        by_subject.setdefault(event.subject, []).append(event.sequence)
    assert all(sequences == list(range(1, len(sequences) + 1)) for sequences in by_subject.values())
    assert len(by_subject) == ORDERS + len(offers)


def _lane(chance: random.Random, offers: list[str], lane: int) -> list[FakeRecord]:
    """The commands of some orders, each order's in its order, everything delivered twice."""
    tape, records = Tape(), []
    for number in range(lane, ORDERS, LANES):
        order_id = f"ord_{number}"
        wanted = {offer_id: chance.randint(1, 3) for offer_id in chance.sample(offers, chance.randint(1, 3))}
        steps = [reserve(order_id, hold_seconds=chance.choice([0, 600]), **wanted)]
        steps += chance.sample([commit(order_id), release(order_id)], chance.randint(0, 2))  # type: ignore[arg-type]
        made = [tape.record(step, order_id, sequence) for sequence, step in enumerate(steps, 1)]
        records += [record for record in made for _ in range(2)]
    return records


async def _consume(db: Database, records: list[FakeRecord], chance: random.Random) -> None:
    consumer, start = Consumer(db, commands_and_shops()), 0
    while start < len(records):
        size = chance.choice([1, 2, 9])
        await consumer.process(records[start : start + size])
        start += size


async def _sell(db: Database, chance: random.Random, offers: list[str]) -> None:
    for _ in range(30):
        number = chance.randrange(len(offers))
        try:
            async with db.hot_transaction() as tx:
                change = OfferChange(stock=chance.randint(0, 30))
                await change_offer(tx, offers[number], seller_id=f"sel_{number}", change=change, currency="EUR")
        except Conflict as refused:
            assert refused.code == "stock-below-reserved"


async def _sweep(market: Market) -> None:
    for _ in range(30):
        await market.sweep()


async def _reopen(db: Database) -> None:
    consumer, tape = Consumer(db, commands_and_shops()), Tape()
    for sequence in range(2, 12):
        status = "suspended" if sequence % 2 == 0 else "open"
        await consumer.process([tape.record(shop("sel_0", status=status), "sel_0", sequence)])
