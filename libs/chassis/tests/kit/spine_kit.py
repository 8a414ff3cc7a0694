"""What spine tests share: an event, tables for effects, a topic of their own."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from chassis import outbox
from chassis.consume import Received, Record, Subscription
from chassis.db import Database, HotTransaction
from chassis.relay import Relay
from chassis.schema import retention_indexes, technical_tables
from chassis.worker import Worker
from contracts.event import Event
from contracts.values import Count, Ref

TABLES = (
    technical_tables()
    + retention_indexes()
    + """
CREATE TABLE effects (n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key text NOT NULL, value bigint NOT NULL);
CREATE TABLE counters (key text PRIMARY KEY, sequence bigint NOT NULL DEFAULT 0);
"""
)


class Ticked(Event, topic="spine.tick.v1", type="spine.ticked.v1"):
    """A counter moved."""

    key: Ref
    value: Count


class Spine:
    """What a spine test works with: a database, a topic and its dead-letter topic."""

    def __init__(self, db: Database, url: str, brokers: str, topic: str, group: str) -> None:
        self.db = db
        self.url = url
        self.brokers = brokers
        self.topic = topic
        self.group = group
        self.dead_letters = f"dlq.{group}.{topic}"

    async def effects(self) -> list[tuple[str, int]]:
        async with self.db.reading() as tx:
            return [(row["key"], row["value"]) for row in await tx.rows("SELECT key, value FROM effects ORDER BY n")]

    async def count(self, table: str) -> int:
        async with self.db.reading() as tx:
            row = await tx.row(f"SELECT count(*) AS n FROM {table}")  # noqa: S608 - names from tests
            assert row is not None
            return int(row["n"])

    async def read(self, topic: str) -> list[Record]:
        """Everything in a topic, partition by partition, in order."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.brokers, auto_offset_reset="earliest")
        await consumer.start()
        try:
            places = [TopicPartition(topic, number) for number in range(3)]
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            found: list[Record] = []
            while any([await consumer.position(place) < ends[place] for place in places]):
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    found.extend(records)
            return found
        finally:
            await consumer.stop()


async def write(spine: Spine, key: str, value: int) -> None:
    """One business transaction: raise the aggregate's counter under its lock and tell about it."""
    async with spine.db.hot_transaction() as tx:
        row = await tx.row(
            "INSERT INTO counters VALUES (%s, 1) ON CONFLICT (key) DO UPDATE SET sequence = counters.sequence + 1"
            " RETURNING sequence",
            (key,),
        )
        assert row is not None
        outbox.add(tx, Ticked(key=key, value=value), subject=key, sequence=row["sequence"])


async def store(tx: HotTransaction, batch: Sequence[Received]) -> None:
    for event in batch:
        assert isinstance(event.data, Ticked)
        await tx.execute("INSERT INTO effects (key, value) VALUES (%s, %s)", (event.data.key, event.data.value))


@asynccontextmanager
async def relay_of(spine: Spine, **options: int) -> AsyncIterator[Relay]:
    relay = Relay(spine.db, service="spine", brokers=spine.brokers, **options)
    try:
        yield relay
    finally:
        await relay.close()


@asynccontextmanager
async def worker_of(
    spine: Spine, handler: object = store, batch: int = 500, gather_seconds: float = 0.02
) -> AsyncIterator[Worker]:
    handlers = {spine.topic: handler}
    subscription = Subscription(group=spine.group, handlers=handlers, gather_seconds=gather_seconds)  # type: ignore[arg-type]
    worker = Worker(spine.db, [subscription], brokers=spine.brokers, name="spine", batch=batch)
    await worker.start()
    try:
        yield worker
    finally:
        await worker.stop()


async def drained(relay: Relay) -> None:
    while await relay.run_once():
        pass


async def has_effects(spine: Spine, wanted: int) -> bool:
    return await spine.count("effects") == wanted


async def has_rows(spine: Spine, table: str, wanted: int) -> bool:
    return await spine.count(table) == wanted


def first_copies(records: Sequence[Any]) -> dict[str, list[int]]:
    """For each key the sequences in log order, each where it came first."""
    seen: dict[str, dict[int, None]] = {}
    for record in records:
        sequence = int((dict(record.headers)["ce_sequence"] or b"0").decode())
        seen.setdefault((record.key or b"").decode(), {}).setdefault(sequence)
    return {key: list(sequences) for key, sequences in seen.items()}
