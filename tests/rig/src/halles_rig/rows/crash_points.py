"""F-03: a process dies at each crash point of a checkout, at each of its steps; started again, the order ends as it should."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from halles_rig.journeys import Order, cancel, follow, purchase
from halles_rig.plan import SPLIT
from halles_rig.process import CRASHED, Process
from halles_rig.row import Run, resolve, row

BUY, DECLINE, CHALLENGE = "pm_card_visa", "pm_card_chargeDeclined", "pm_standin_3ds"
ENDS = {BUY: "confirmed", DECLINE: "declined", CHALLENGE: "action-required"}
MOST_STEPS = 6
RELAY = ("before_publish", "after_publish", "after_delete", "after_commit")
CONSUMER = ("after_claim", "before_commit", "after_commit", "after_offset")
OPERATION = ("claimed", "answered", "settled")


@dataclass(frozen=True)
class Place:
    """A crash point in a process of a service, reached by a journey with this card; ``undone``: the buyer cancels after it."""

    point: str
    service: str
    role: str
    card: str = BUY
    undone: bool = False
    freezes_catalog: bool = False


def places() -> Iterator[Place]:
    """Every crash point on the way of a checkout; those of each step are tried again and again, once for each step."""
    yield from (Place(f"checkout.{name}_commit", "order", "api") for name in ("before", "after"))
    yield from (Place(f"relay.{name}", service, "relay") for service in SPLIT for name in RELAY)
    yield from (Place(f"consumer.{name}", service, "worker") for service in SPLIT for name in CONSUMER)
    for service in ("logistics", "analytics"):
        yield from (Place(f"consumer.{name}", service, "serve") for name in CONSUMER)
    yield from (Place(f"payment.operation-{name}", "payment", "worker") for name in OPERATION)


def states() -> Iterator[Place]:
    """The commit of each state that the saga can be moved to."""
    for state in ("authorising", "committing", "capturing", "confirmed"):
        yield Place(f"saga.{state}", "order", "worker")
    yield Place("saga.reserving-again", "order", "worker", freezes_catalog=True)
    yield Place("saga.declined", "order", "worker", DECLINE)
    yield Place("saga.action-required", "order", "worker", CHALLENGE)
    yield Place("saga.compensating", "order", "api", DECLINE, undone=True)
    yield Place("saga.cancelled", "order", "worker", DECLINE, undone=True)


ENDS_EITHER_WAY = tuple(Place(f"saga.{s}", "order", "worker", DECLINE, undone=True) for s in ("releasing", "voiding"))
"""Which of the two is passed depends on who answers first."""


@row("F-03", "kill at each crash point of a checkout, at each of its steps", load="L0")
async def f03(run: Run) -> None:
    run.forgive()
    for service in SPLIT:
        await run.rig.process(f"{service}-worker-b").stop()
    visited, unvisited = 0, []
    for place in filter(partial(_is_wanted, run.only), places()):
        steps = 0
        while steps < run.seconds(MOST_STEPS) and await _dies(run, place, step=steps + 1):
            steps += 1
        visited += steps
        if not steps:
            unvisited.append(place.point)
    for place in filter(partial(_is_wanted, run.only), states()):
        if await _dies(run, place, step=1):
            visited += 1
        else:
            unvisited.append(place.point)
    if not run.only:
        either = [await _dies(run, place, step=1) for place in ENDS_EITHER_WAY]
        visited += sum(either)
        run.require(any(either), "neither saga.releasing nor saga.voiding was reached")
    run.require(not unvisited, f"never reached: {unvisited}")
    run.note(f"{visited} crashes, every crash point visited" if not unvisited else f"{visited} crashes")


def _is_wanted(words: str, place: Place) -> bool:
    """Without words every place; else those whose point and service have all of them."""
    return all(word in f"{place.point} {place.service}" for word in words.split())


async def _dies(run: Run, place: Place, *, step: int) -> bool:
    """One journey with the process armed; True when it died there. Then it is started again and the journey must end well."""
    process = run.rig.process(f"{place.service}-{place.role}-a")
    await _armed(process, place, step)
    journey = asyncio.create_task(_journey(run, place))
    died = asyncio.create_task(process.gone(60))
    await asyncio.wait((journey, died), return_when=asyncio.FIRST_COMPLETED)
    if not died.done():
        await asyncio.wait((died,), timeout=2.0)
    has_died = died.done() and died.exception() is None
    died.cancel()
    if has_died:
        run.require(
            process.exit_code == CRASHED, f"{process.name} ended with {process.exit_code} at {place.point}@{step}"
        )
    process.kill()
    await process.gone()
    process.start(_name(place))
    await process.until_ready()
    order = await journey
    expected = "cancelled" if place.undone else ENDS[place.card]
    told = order.status if order else "no order"
    late = order is not None and order.decided_after > 15 and told == "cancelled"
    run.require(told == expected or late, f"{place.point}@{step}: {told} instead of {expected}")
    return has_died


def _name(place: Place) -> dict[str, str]:
    """A worker with a name of its own gets its partitions back at once."""
    return {f"{place.service.upper()}_WORKER_INSTANCE": "alone"} if place.role in ("worker", "serve") else {}


async def _armed(process: Process, place: Place, step: int) -> None:
    process.kill()
    await process.gone()
    process.start({**_name(place), "HALLES_CRASH_AT": f"{place.point}@{step}"})
    await process.until_ready()


async def _journey(run: Run, place: Place) -> Order | None:
    """A patient buyer: asks again with the same key until the checkout is answered, and looks until the order is decided."""
    catalog = run.rig.process("catalog-worker-a")
    if place.freezes_catalog:
        catalog.freeze()
        asyncio.get_running_loop().call_later(7.0, catalog.thaw)
    known, buyer = set(run.crowd.orders), run.crowd.anybody()
    order = await purchase(run.crowd, buyer, card=place.card)
    if order is None:
        await resolve(run)
        made = [entry for entry in run.journal.of("checkout") if entry.resolved == "done" and entry.who == buyer.email]
        fresh = [entry.answer["order_id"] for entry in made if entry.answer["order_id"] not in known]
        if not fresh:
            return await purchase(run.crowd, buyer, card=place.card)
        order = run.crowd.orders[fresh[-1]] = Order(fresh[-1], buyer)
        await follow(order)
    if place.undone:
        await cancel(run.crowd, order)
    return order
