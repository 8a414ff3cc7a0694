"""Rest: nothing waits any more. Then everything that must be true is checked: I1–I14 and what the clients were told."""

import asyncio
import time
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from contracts.topics import consumed_by
from halles_local import invariants, lag
from halles_local.invariants.sources import Sources
from halles_local.ports import DATABASES
from halles_local.stack import Stack
from halles_rig.journal import Entry, Journal
from halles_rig.kafka_log import events

REST_SECONDS = 120.0
"""Reliability.md 6.3: a market that has not come to rest by then is a violation of its own."""
_WAITING = "SELECT (SELECT count(*) FROM outbox) AS outbox, (SELECT count(*) FROM parked_events) AS parked"
_OPEN_SAGAS = "SELECT count(*) AS open FROM sagas WHERE state NOT IN ('confirmed', 'cancelled')"
_KEYS = "SELECT key, convert_from(body, 'UTF8')::jsonb ->> 'order_id' AS order_id FROM idempotency_keys WHERE route = 'POST /v1/checkouts'"
_PRICES = "SELECT offer_id, price_minor AS price FROM offers"


@dataclass
class Verdict:
    """``seconds`` until rest; ``violations`` in words, empty when everything holds."""

    seconds: float
    violations: list[str] = field(default_factory=list)


async def come_to_rest(
    sources: Sources,
    stack: Stack,
    journal: Journal | None = None,
    *,
    without: Collection[str] = (),
    patience: float = REST_SECONDS,
) -> Verdict:
    """Wait until nothing moves and everything holds, for at most ``patience`` seconds. ``without``: invariants that a row breaks
    on purpose.
    """
    started = time.monotonic()
    try:
        while True:
            found = await _look(sources, stack, journal, without)
            seconds = time.monotonic() - started
            if not found or seconds > patience:
                return Verdict(seconds, found)
            await asyncio.sleep(0.5)
    finally:
        sources.close()


async def _look(sources: Sources, stack: Stack, journal: Journal | None, without: Collection[str]) -> list[str]:
    if waits := await asyncio.to_thread(_moving, sources, stack, "I13" in without):
        return waits
    acknowledged = journal.acknowledged() if journal else []
    found = await invariants.check(sources, acknowledged=acknowledged)
    told = [f"{name} {item}" for name, items in found.items() if name not in without for item in items[:5]]
    if journal is not None:
        told += await asyncio.to_thread(lambda: list(check_journal(sources, journal)))
        told += await check_event_log(sources)
    return told


def _moving(sources: Sources, stack: Stack, may_park: bool) -> list[str]:
    """What is still on its way."""
    told = []
    for service in DATABASES:
        row = sources.rows(service, _WAITING)[0]
        if row["outbox"]:
            told.append(f"{service}: {row['outbox']} rows in its outbox")
        if row["parked"] and not may_park:
            told.append(f"{service}: {row['parked']} parked events")
    if unfinished := sources.rows("order", _OPEN_SAGAS)[0]["open"]:
        told.append(f"{unfinished} orders are not final")
    if told:
        return told
    lags = lag.by_group(stack)
    if not lags:
        return ["Kafka does not answer"]
    return [f"{group}: {behind} events behind" for group, behind in lags.items() if behind]


def check_journal(sources: Sources, journal: Journal) -> Iterator[str]:
    """Every acknowledged write is there; each key of a checkout has at most one order, each order one key."""
    stored = {row["key"]: row["order_id"] for row in sources.rows("order", _KEYS)}
    for entry in journal.of("checkout"):
        order_id = entry.answer["order_id"] if entry.answer else None
        is_acknowledged = entry.result == "ok" or entry.resolved == "done"
        if is_acknowledged and stored.get(str(entry.key)) != order_id:
            yield f"journal {entry.number}: told {order_id}, its key made {stored.get(str(entry.key))}"
        if (entry.result == "failed" or entry.resolved == "not-done") and str(entry.key) in stored:
            yield f"journal {entry.number}: refused with {entry.status} {entry.code}, its key made {stored[str(entry.key)]}"
        if entry.result == "unknown" and not entry.resolved:
            yield f"journal {entry.number}: a checkout that could not be resolved"
    orders = Counter(stored.values())
    yield from (f"{order_id} has {number} keys" for order_id, number in orders.items() if number > 1)
    yield from _edits(sources, journal)


async def check_event_log(sources: Sources) -> list[str]:
    """Analytics keeps the envelope of every event of its topics: one that is missing was lost on its way to a consumer."""
    log = await events(sources.brokers, consumed_by("analytics"))
    rows = await asyncio.to_thread(sources.rows, "analytics", "SELECT event_id::text AS id FROM event_log")
    missing = sorted(log.keys() - {row["id"] for row in rows})
    return [f"event {event_id} of {log[event_id]} never reached analytics" for event_id in missing[:5]]


def _edits(sources: Sources, journal: Journal) -> Iterator[str]:
    """The price of an offer is the last one acknowledged, or one sent after it whose answer never came."""
    prices = {row["offer_id"]: row["price"] for row in sources.rows("catalog", _PRICES)}
    possible: dict[str, set[int]] = {}
    for entry in journal.of("edit"):
        offer_id, price = entry.path.rsplit("/", 1)[1], entry.body["price"]["amount"]
        if entry.result == "ok":
            possible[offer_id] = {price}
        elif entry.result == "unknown" and offer_id in possible:
            possible[offer_id].add(price)
    for offer_id, allowed in possible.items():
        if prices.get(offer_id) not in allowed:
            yield f"{offer_id}: a shop was told {sorted(allowed)}, the price is {prices.get(offer_id)}"


def unresolved(journal: Journal) -> list[Entry]:
    """Calls with a key whose outcome nobody knows yet."""
    return [entry for entry in journal.entries if entry.result == "unknown" and entry.key and not entry.resolved]
