"""Reserving, committing and releasing on the real database."""

import asyncio

from services.catalog.tests.factories import Market, commit, release, reserve
from services.catalog.tests.ledger import figures, require_invariants

from catalog.consumers import commands_and_shops
from chassis.consume import Consumer
from chassis.db import Database
from contracts.catalog import (
    OfferState,
    ReservationCommitted,
    ReservationExpired,
    Shortage,
    StockRejected,
    StockReleased,
    StockReserved,
)
from contracts.event import Event
from testkit import Tape, deliver, emitted


async def answers(db: Database, order_id: str) -> list[Event]:
    return [event.data for event in await emitted(db) if event.subject == order_id]


async def test_a_reserved_order_takes_units_off_sale_and_says_so(market: Market, db: Database) -> None:
    offer_id = await market.anything_on_sale(stock=5)
    await emitted(db, clear=True)

    await deliver(db, commands_and_shops(), [(reserve("ord_1", **{offer_id: 2}), "ord_1", 1)])

    sent = await emitted(db)
    reserved, state = sent[0].data, sent[1].data
    assert isinstance(reserved, StockReserved)
    assert (reserved.order_id, reserved.command_id) == ("ord_1", "cmd_ord_1_reserve")
    assert isinstance(state, OfferState)
    assert (state.offer_id, state.available, sent[1].sequence) == (offer_id, 3, 2)
    assert len(sent) == 2
    assert await figures(db, offer_id) == (5, 2)
    await require_invariants(db)


async def test_all_lines_or_none_with_the_shortages_named(market: Market, db: Database) -> None:
    plenty = await market.anything_on_sale(stock=5)
    scarce = await market.anything_on_sale(stock=1, seller_id="sel_other")

    lines = {plenty: 2, scarce: 2, "off_unknown": 1}
    await deliver(db, commands_and_shops(), [(reserve("ord_1", **lines), "ord_1", 1)])

    [answer] = await answers(db, "ord_1")
    assert isinstance(answer, StockRejected)
    assert set(answer.shortages) == {
        Shortage(offer_id=scarce, requested=2, available=1),
        Shortage(offer_id="off_unknown", requested=1, available=0),
    }
    assert await figures(db, plenty) == (5, 0)
    await require_invariants(db)


async def test_a_hundred_buyers_for_the_last_unit_one_wins(market: Market, db: Database) -> None:
    offer_id = await market.anything_on_sale(stock=1)
    tape, consumer = Tape(), Consumer(db, commands_and_shops())
    records = [tape.record(reserve(f"ord_{n}", **{offer_id: 1}), f"ord_{n}", 1) for n in range(100)]

    await asyncio.gather(*(consumer.process([record]) for record in records))

    decided = [event.data for event in await emitted(db) if event.subject.startswith("ord_")]
    assert len([answer for answer in decided if isinstance(answer, StockReserved)]) == 1
    rejected = [answer for answer in decided if isinstance(answer, StockRejected)]
    assert len(rejected) == 99
    assert {answer.shortages[0].available for answer in rejected} == {0}
    assert await figures(db, offer_id) == (1, 1)
    await require_invariants(db)


async def test_a_hundred_buyers_in_one_batch_one_wins(market: Market, db: Database) -> None:
    offer_id = await market.anything_on_sale(stock=1)

    commands = [(reserve(f"ord_{n}", **{offer_id: 1}), f"ord_{n}", 1) for n in range(100)]
    await deliver(db, commands_and_shops(), commands)

    [winner] = [event for event in await emitted(db) if isinstance(event.data, StockReserved)]
    assert winner.subject == "ord_0"
    await require_invariants(db)


async def test_commit_takes_the_units_off_the_shelf(market: Market, db: Database) -> None:
    offer_id = await market.anything_on_sale(stock=5)

    commands = [(reserve("ord_1", **{offer_id: 2}), "ord_1", 1), (commit("ord_1"), "ord_1", 2)]
    await deliver(db, commands_and_shops(), commands, one_by_one=True)

    assert [type(answer) for answer in await answers(db, "ord_1")] == [StockReserved, ReservationCommitted]
    assert await figures(db, offer_id) == (3, 0)
    await require_invariants(db)


async def test_release_gives_back_what_is_held_and_restocks_what_was_sold(market: Market, db: Database) -> None:
    offer_id = await market.anything_on_sale(stock=5)
    held = [(reserve("ord_held", **{offer_id: 2}), "ord_held", 1), (release("ord_held"), "ord_held", 2)]
    sold = [(reserve("ord_sold", **{offer_id: 3}), "ord_sold", 1), (commit("ord_sold"), "ord_sold", 2)]

    await deliver(db, commands_and_shops(), [*held, *sold], one_by_one=True)
    assert await figures(db, offer_id) == (2, 0)
    await deliver(db, commands_and_shops(), [(release("ord_sold"), "ord_sold", 3)])

    assert await figures(db, offer_id) == (5, 0)
    assert isinstance((await answers(db, "ord_sold"))[-1], StockReleased)
    await require_invariants(db)


async def test_release_before_reserve_bars_the_order(market: Market, db: Database) -> None:
    offer_id = await market.anything_on_sale(stock=5)

    commands = [(release("ord_1"), "ord_1", 2), (reserve("ord_1", **{offer_id: 1}), "ord_1", 1)]
    await deliver(db, commands_and_shops(), commands, one_by_one=True)

    assert [type(answer) for answer in await answers(db, "ord_1")] == [StockReleased, StockReleased]
    assert await figures(db, offer_id) == (5, 0)


async def test_a_repeated_command_hears_the_same_decision_and_changes_nothing(market: Market, db: Database) -> None:
    offer_id = await market.anything_on_sale(stock=5)
    first, again = reserve("ord_1", **{offer_id: 2}), reserve("ord_1", **{offer_id: 4})

    await deliver(db, commands_and_shops(), [(first, "ord_1", 1), (again, "ord_1", 2)], one_by_one=True)

    decisions = await answers(db, "ord_1")
    assert len(decisions) == 2
    assert decisions[0] == decisions[1]
    assert await figures(db, offer_id) == (5, 2)


async def test_a_hold_that_ran_out_is_ended_once_and_a_late_commit_wins_while_units_are_free(
    market: Market, db: Database
) -> None:
    offer_id = await market.anything_on_sale(stock=1)
    await deliver(db, commands_and_shops(), [(reserve("ord_1", hold_seconds=0, **{offer_id: 1}), "ord_1", 1)])

    await market.sweep()
    await market.sweep()
    assert await figures(db, offer_id) == (1, 0)
    await deliver(db, commands_and_shops(), [(commit("ord_1"), "ord_1", 2)])

    assert [type(answer) for answer in await answers(db, "ord_1")] == [
        StockReserved,
        ReservationExpired,
        ReservationCommitted,
    ]
    assert await figures(db, offer_id) == (0, 0)
    await require_invariants(db)


async def test_a_late_commit_is_refused_when_somebody_else_has_the_units(market: Market, db: Database) -> None:
    offer_id = await market.anything_on_sale(stock=1)
    await deliver(db, commands_and_shops(), [(reserve("ord_late", hold_seconds=0, **{offer_id: 1}), "ord_late", 1)])
    await market.sweep()

    quick = [(reserve("ord_quick", **{offer_id: 1}), "ord_quick", 1), (commit("ord_late"), "ord_late", 2)]
    await deliver(db, commands_and_shops(), quick)

    last = (await answers(db, "ord_late"))[-1]
    assert last == ReservationExpired(order_id="ord_late", command_id="cmd_ord_late_commit")
    assert await figures(db, offer_id) == (1, 1)
    await require_invariants(db)


async def test_an_open_hold_in_its_time_is_not_swept(market: Market, db: Database) -> None:
    offer_id = await market.anything_on_sale(stock=1)
    await deliver(db, commands_and_shops(), [(reserve("ord_1", **{offer_id: 1}), "ord_1", 1)])

    await market.sweep()

    assert await figures(db, offer_id) == (1, 1)


async def test_in_one_batch_each_answer_and_state_carries_its_own_cause(market: Market, db: Database) -> None:
    first, second = [await market.anything_on_sale(seller_id=f"sel_{n}") for n in range(2)]
    await emitted(db, clear=True)
    one, other = Tape(correlation_id="req_one"), Tape(correlation_id="req_other")

    commands = [
        one.record(reserve("ord_1", **{first: 1}), "ord_1", 1),
        other.record(reserve("ord_2", **{second: 1}), "ord_2", 1),
    ]
    await deliver(db, commands_and_shops(), commands)

    causes = {event.subject: event.correlation_id for event in await emitted(db)}
    assert causes == {"ord_1": "req_one", first: "req_one", "ord_2": "req_other", second: "req_other"}
