"""What happens to a message that cannot be processed, by the class of its failure (reliability.md 1.7)."""

import asyncio
from collections.abc import Callable, Sequence

import psycopg
import pytest
from spine_kit import Spine, Ticked, has_effects, store
from structlog.testing import capture_logs

from chassis.consume import Consumer, Received, Subscription
from chassis.db import HotTransaction
from chassis.failures import Away, DependencyFailed
from contracts.event import Event
from runtime.inspect import drain, parked_keys
from testkit import Tape, eventually
from testkit.delivery import FakeRecord

pytestmark = pytest.mark.infra


class Failing:
    """A handler that fails for one key, as often as told."""

    def __init__(self, error: Exception, *, times: int = 10**9) -> None:
        self.error = error
        self.times = times
        self.tries = 0

    async def __call__(self, tx: HotTransaction, batch: Sequence[Received]) -> None:
        await store(tx, batch)
        if any(getattr(event.data, "key", "") == "bad" for event in batch) and self.tries < self.times:
            self.tries += 1
            raise self.error


def consumer(
    spine: Spine, handler: object = store, *, replays: bool = False, dependency_seconds: float = 30
) -> Consumer:
    handlers = {spine.topic: handler}
    subscription = Subscription(group=spine.group, handlers=handlers, replays=replays)  # type: ignore[arg-type]
    return Consumer(spine.db, subscription, dependency_seconds=dependency_seconds)


def tick(tape: Tape, key: str, sequence: int, *, replay: bool = False) -> FakeRecord:
    return tape.record(Ticked(key=key, value=sequence), key, sequence, replay=replay)


async def dead_letters(spine: Spine) -> int:
    return await spine.count("outbox")


def allow_connections(spine: Spine, allowed: bool) -> None:
    """Close the database for everybody, or open it again; whoever is inside is thrown out."""
    server, _, name = spine.url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS {allowed}")
        if not allowed:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))


async def test_while_the_database_is_away_a_consumer_waits_and_loses_nothing(spine: Spine) -> None:
    record = tick(Tape(), "a", 1)

    with capture_logs() as logged:
        allow_connections(spine, False)
        try:
            work = asyncio.create_task(consumer(spine).process([record]))
            await eventually(
                lambda: len([line for line in logged if line["event"] == "consumer.waiting"]) >= 1, timeout=30
            )
            assert not work.done()
        finally:
            allow_connections(spine, True)
        await asyncio.wait_for(work, 30)

    assert await spine.effects() == [("a", 1)]
    assert (await spine.count("parked_events"), await dead_letters(spine)) == (0, 0)


async def test_a_bug_is_tried_three_times_alone_then_its_key_is_parked(spine: Spine) -> None:
    tape, handler = Tape(), Failing(KeyError("a bug"))
    records = [tick(tape, "good", 1), tick(tape, "bad", 1), tick(tape, "bad", 2), tick(tape, "good", 2)]

    await consumer(spine, handler).process(records)

    assert handler.tries == 1 + 3  # once in the batch, three times alone; the second of the key did not get to run
    assert await spine.effects() == [("good", 1), ("good", 2)]
    (parked,) = await parked_keys(spine.db, spine.group)
    assert (parked["key"], parked["events"], parked["error"]) == ("bad", 2, "KeyError('a bug')")


async def test_a_dependency_is_tried_again_up_to_its_limit_then_the_key_is_parked(spine: Spine) -> None:
    tape, handler = Tape(), Failing(DependencyFailed("carrier: 503"))
    started = asyncio.get_running_loop().time()

    await consumer(spine, handler, dependency_seconds=1.0).process([tick(tape, "bad", 1), tick(tape, "good", 1)])

    assert asyncio.get_running_loop().time() - started >= 1.0
    assert handler.tries > 1 + 3
    assert await spine.effects() == [("good", 1)]
    (parked,) = await parked_keys(spine.db, spine.group)
    assert (parked["key"], parked["error"]) == ("bad", "DependencyFailed('carrier: 503')")


@pytest.mark.parametrize(
    "error", [DependencyFailed("503"), KeyError("once"), Away("engine away"), psycopg.OperationalError()]
)
async def test_what_passes_leaves_no_trace(spine: Spine, error: Exception) -> None:
    tape, handler = Tape(), Failing(error, times=2)

    await consumer(spine, handler).process([tick(tape, "bad", 1), tick(tape, "bad", 2)])

    assert handler.tries == 2
    assert await spine.effects() == [("bad", 1), ("bad", 2)]
    assert (await spine.count("parked_events"), await dead_letters(spine)) == (0, 0)


async def test_what_comes_later_for_a_parked_key_queues_behind_and_is_drained_in_order(spine: Spine) -> None:
    tape, handler = Tape(), Failing(KeyError("a bug"))
    running = consumer(spine, handler)
    await running.process([tick(tape, "bad", 1)])
    tries = handler.tries

    await running.process([tick(tape, "bad", 2), tick(tape, "good", 1)])
    await running.process([tick(tape, "bad", 3)])

    assert handler.tries == tries
    assert await spine.effects() == [("good", 1)]
    handler.times = 0
    subscription = Subscription(group=spine.group, handlers={spine.topic: handler})
    assert await drain(spine.db, subscription, "bad") == 3
    assert await spine.effects() == [("good", 1), ("bad", 1), ("bad", 2), ("bad", 3)]
    await running.process(tape.records)
    assert len(await spine.effects()) == 4


async def test_a_drain_that_fails_keeps_the_rest_in_order(spine: Spine) -> None:
    tape, handler = Tape(), Failing(KeyError("a bug"))
    await consumer(spine, handler).process([tick(tape, "bad", 1), tick(tape, "bad", 2)])
    subscription = Subscription(group=spine.group, handlers={spine.topic: handler})

    with pytest.raises(KeyError):
        await drain(spine.db, subscription, "bad")

    assert await spine.effects() == []
    assert await spine.count("parked_events") == 2


@pytest.mark.parametrize(("replays", "effects"), [(False, 1), (True, 2)])
async def test_events_that_were_emitted_again_are_for_projections_only(
    spine: Spine, replays: bool, effects: int
) -> None:
    tape = Tape()

    await consumer(spine, replays=replays).process([tick(tape, "a", 1), tick(tape, "a", 1, replay=True)])

    assert len(await spine.effects()) == effects


def _one_by_one(records: Sequence[FakeRecord]) -> list[list[FakeRecord]]:
    return [[record] for record in records]


def _all_at_once(records: Sequence[FakeRecord]) -> list[list[FakeRecord]]:
    return [list(records)]


def _in_threes(records: Sequence[FakeRecord]) -> list[list[FakeRecord]]:
    return [list(records[start : start + 3]) for start in range(0, len(records), 3)]


@pytest.mark.parametrize("cut", [_one_by_one, _in_threes, _all_at_once])
async def test_the_size_of_batches_changes_nothing(spine: Spine, cut: Callable[..., list[list[FakeRecord]]]) -> None:
    tape = Tape()
    for sequence in range(1, 5):
        for key in ("a", "bad", "b"):
            tick(tape, key, sequence)
    junk = FakeRecord(spine.topic, 0, 99, b"a", b"{nonsense", tape.records[0].headers[:2])
    records = [*tape.records[:5], junk, *tape.records, junk]
    handler = Failing(KeyError("a bug"))

    for batch in cut(records):
        await consumer(spine, handler).process(batch)

    effects = await spine.effects()
    assert [value for key, value in effects if key == "a"] == [1, 2, 3, 4]
    assert [value for key, value in effects if key == "b"] == [1, 2, 3, 4]
    assert len(effects) == 8
    (parked,) = await parked_keys(spine.db, spine.group)
    assert (parked["key"], parked["events"]) == ("bad", 4)
    assert await dead_letters(spine) == 1


class Index:
    """A target outside the database, gated by sequence, that is away for a while."""

    def __init__(self, *, away: int = 0) -> None:
        self.documents: dict[str, int] = {}
        self.calls = 0
        self.away = away

    async def __call__(self, batch: Sequence[Received]) -> None:
        self.calls += 1
        if self.calls <= self.away:
            raise Away("the engine does not answer")
        for event in batch:
            assert isinstance(event.data, Ticked)
            self.documents[event.data.key] = max(self.documents.get(event.data.key, 0), event.envelope.sequence)


def indexer(spine: Spine, index: Index, *, replays: bool = True) -> Consumer:
    subscription = Subscription(group=spine.group, effects={spine.topic: index}, replays=replays)
    return Consumer(spine.db, subscription)


async def test_an_effect_outside_the_database_waits_for_its_engine_and_may_be_repeated(spine: Spine) -> None:
    tape, index = Tape(), Index(away=2)
    records = [tick(tape, "a", 1), tick(tape, "a", 2), tick(tape, "b", 1)]

    for batch in (records, records, records[:1]):
        await indexer(spine, index).process(batch)

    assert index.documents == {"a": 2, "b": 1}
    assert await spine.count("inbox") == 3
    assert (await spine.count("parked_events"), await dead_letters(spine)) == (0, 0)


async def test_an_effect_gets_what_was_emitted_again_only_if_it_wants_it(spine: Spine) -> None:
    tape, wants, drops = Tape(), Index(), Index()
    record = tick(tape, "a", 1, replay=True)

    await indexer(spine, drops, replays=False).process([record])
    await indexer(spine, wants).process([record])

    assert (drops.documents, wants.documents) == ({}, {"a": 1})


class Unheard(Event, topic="spine.tick.v1", type="spine.never-heard-of.v1"):
    """A type that this release does not know."""


async def test_a_type_that_is_not_known_yet_is_counted_and_skipped(spine: Spine) -> None:
    tape = Tape()
    unknown = tape.record(Unheard(), "a", 1)

    await consumer(spine).process([unknown, tick(tape, "a", 2)])

    assert await has_effects(spine, 1)
    assert (await spine.count("parked_events"), await dead_letters(spine)) == (0, 0)
    assert await spine.count("inbox") == 2
