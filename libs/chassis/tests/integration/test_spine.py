"""Outbox to relay to Kafka to consumer to effect, on real servers."""

import asyncio
from collections.abc import Sequence

import pytest
from aiokafka import AIOKafkaProducer
from spine_kit import Spine, Ticked, drained, relay_of, store, worker_of, write

from chassis import outbox
from chassis.consume import Received, Subscription
from chassis.db import HotTransaction
from runtime.inspect import drain, parked_keys
from testkit import Tape, eventually

pytestmark = pytest.mark.infra


async def test_what_is_written_arrives_once_and_in_order_per_key(spine: Spine) -> None:
    for value in range(30):
        await write(spine, f"key{value % 3}", value)

    async with relay_of(spine) as relay, worker_of(spine):
        await drained(relay)
        await eventually(lambda: _has(spine, 30))

    effects = await spine.effects()
    for key in ("key0", "key1", "key2"):
        values = [value for name, value in effects if name == key]
        assert values == sorted(values)
    assert await spine.count("outbox") == 0
    assert await spine.count("inbox") == 30


async def test_events_that_follow_closely_share_transactions(spine: Spine) -> None:
    sizes: list[int] = []

    async def counted(tx: HotTransaction, batch: Sequence[Received]) -> None:
        sizes.append(len(batch))
        await store(tx, batch)

    async with relay_of(spine) as relay, worker_of(spine, counted, gather_seconds=0.5):
        for value in range(40):
            await write(spine, f"key{value % 8}", value)
            await drained(relay)
        await eventually(lambda: _has(spine, 40))

    assert sum(sizes) == 40
    assert len(sizes) <= 20


async def test_a_rolled_back_transaction_tells_nothing(spine: Spine) -> None:
    with pytest.raises(ZeroDivisionError):
        async with spine.db.hot_transaction() as tx:
            outbox.add(tx, Ticked(key="a", value=1), subject="a", sequence=1)
            1 / 0  # noqa: B018

    assert await spine.count("outbox") == 0


async def test_the_same_event_twice_late_and_in_one_batch_changes_nothing_more(spine: Spine) -> None:
    tape = Tape()
    first, second = tape.record(Ticked(key="a", value=1), "a", 1), tape.record(Ticked(key="a", value=2), "a", 2)
    producer = AIOKafkaProducer(bootstrap_servers=spine.brokers)
    await producer.start()
    for record in (first, first, second, first, second):
        await producer.send_and_wait(spine.topic, record.value, key=record.key, headers=list(record.headers))
    await producer.stop()

    async with worker_of(spine):
        await eventually(lambda: _has(spine, 2))

    assert await spine.effects() == [("a", 1), ("a", 2)]


async def test_poison_of_every_kind_is_dead_lettered_once_and_the_partition_moves_on(spine: Spine) -> None:
    tape = Tape()
    good = tape.record(Ticked(key="k", value=7), "k", 1)
    headers = dict(good.headers)
    fine = list(headers.items())
    poison: dict[str, tuple[list[tuple[str, bytes | None]], bytes | None]] = {
        "null header": ([*fine, ("ce_subject", None)], good.value),
        "not UTF-8": ([*fine, ("ce_source", b"\xff\xfe")], good.value),
        "no headers": ([], good.value),
        "bad JSON": (_with_id(fine), b"{nonsense"),
        "wrong schema": (_with_id(fine), b'{"key": "k", "value": "many"}'),
        "unknown major": ([*_with_id(fine), ("ce_type", b"spine.ticked.v9")], good.value),
        "tombstone": (_with_id(fine), None),
    }
    producer = AIOKafkaProducer(bootstrap_servers=spine.brokers)
    await producer.start()
    for kind_headers, value in poison.values():
        await producer.send_and_wait(spine.topic, value, key=b"k", headers=kind_headers)
    unknown = [*_with_id(fine), ("ce_type", b"spine.never-heard-of.v1")]
    await producer.send_and_wait(spine.topic, b"{}", key=b"k", headers=unknown)
    await producer.send_and_wait(spine.topic, good.value, key=b"k", headers=fine)
    await producer.stop()

    async with relay_of(spine) as relay, worker_of(spine):
        await eventually(lambda: _has(spine, 1))
        await drained(relay)
    async with relay_of(spine) as relay, worker_of(spine):
        await drained(relay)

    dead = await spine.read(spine.dead_letters)
    assert len(dead) == len(poison)
    reasons = sorted(dict(record.headers)["dlq-reason"] or b"" for record in dead)
    assert reasons == sorted([b"bad-header"] * 3 + [b"bad-data"] * 2 + [b"unknown-major", b"tombstone"])
    assert {record.value for record in dead} == {value for _, value in poison.values()}
    assert await spine.effects() == [("k", 7)]


async def test_a_bug_for_one_key_parks_that_key_in_order_and_lets_the_others_flow(spine: Spine) -> None:
    broken = True

    async def handler(tx: HotTransaction, batch: Sequence[Received]) -> None:
        for event in batch:
            assert isinstance(event.data, Ticked)
            if broken and event.data.key == "bad":
                raise KeyError("a bug for one key")
        await store(tx, batch)

    for value in range(4):
        await write(spine, "bad", value)
        await write(spine, "good", value)
    async with relay_of(spine) as relay, worker_of(spine, handler):
        await drained(relay)
        await eventually(lambda: _has(spine, 4))
        await eventually(lambda: _rows(spine, "parked_events", 4))

    keys = await parked_keys(spine.db, spine.group)
    assert [(key["key"], key["events"]) for key in keys] == [("bad", 4)]
    assert "KeyError" in keys[0]["error"]
    broken = False
    subscription = Subscription(group=spine.group, handlers={spine.topic: handler})
    assert await drain(spine.db, subscription, "bad") == 4
    assert [value for key, value in await spine.effects() if key == "bad"] == [0, 1, 2, 3]
    assert await spine.count("parked_events") == 0


async def test_several_relays_added_and_removed_never_invert_an_aggregate(spine: Spine) -> None:
    stop = asyncio.Event()

    async def relay_until_stopped(rounds: int | None) -> None:
        async with relay_of(spine, claim=8, batch=20) as relay:
            done = 0
            while not stop.is_set() and (rounds is None or done < rounds):
                done += 1
                if not await relay.run_once():
                    await asyncio.sleep(0)

    async def writer(number: int) -> None:
        for value in range(60):
            await write(spine, f"key{(number + value) % 7}", value)

    relays = [asyncio.create_task(relay_until_stopped(rounds)) for rounds in (None, None, 10, 20)]
    await asyncio.gather(*(writer(number) for number in range(6)))
    await eventually(lambda: _rows(spine, "outbox", 0))
    stop.set()
    await asyncio.gather(*relays)

    first_copies: dict[str, list[int]] = {}
    for record in await spine.read(spine.topic):
        told = dict(record.headers)
        sequence = int((told["ce_sequence"] or b"0").decode())
        seen = first_copies.setdefault((record.key or b"").decode(), [])
        if sequence not in seen:
            seen.append(sequence)
    assert sum(len(sequences) for sequences in first_copies.values()) == 360
    for sequences in first_copies.values():
        assert sequences == list(range(1, len(sequences) + 1))


async def test_an_event_that_cannot_be_published_parks_its_aggregate_alone(spine: Spine) -> None:
    async with spine.db.hot_transaction() as tx:
        outbox.add_raw(tx, topic="spine.nowhere.v1", key="lost", headers=[("a", b"b")], payload=b"{}")
        outbox.add(tx, Ticked(key="fine", value=1), subject="fine", sequence=1)

    async with relay_of(spine) as relay:
        for _ in range(6):
            await relay.run_once()

    assert len(await spine.read(spine.topic)) == 1
    async with spine.db.reading() as tx:
        left = await tx.rows("SELECT aggregate_id, parked_at IS NOT NULL AS parked, last_error FROM outbox")
    assert [(row["aggregate_id"], row["parked"]) for row in left] == [("lost", True)]
    assert "does not exist" in left[0]["last_error"]


async def test_two_writers_that_forgot_the_row_lock_are_refused(spine: Spine) -> None:
    async with spine.db.hot_transaction() as tx:
        outbox.add(tx, Ticked(key="a", value=1), subject="a", sequence=1)

    with pytest.raises(Exception, match="outbox_aggregate_sequence_key"):
        async with spine.db.hot_transaction() as tx:
            outbox.add(tx, Ticked(key="a", value=2), subject="a", sequence=1)


def _with_id(headers: list[tuple[str, bytes]]) -> list[tuple[str, bytes | None]]:
    fresh = Tape().record(Ticked(key="k", value=0), "k", 1)
    return [*((name, value) for name, value in headers if name != "ce_id"), ("ce_id", dict(fresh.headers)["ce_id"])]


async def _has(spine: Spine, wanted: int) -> bool:
    return await spine.count("effects") == wanted


async def _rows(spine: Spine, table: str, wanted: int) -> bool:
    return await spine.count(table) == wanted
