"""What spine tests share: an event, tables for effects, a topic of their own."""

from aiokafka import AIOKafkaConsumer, TopicPartition

from chassis.consume import Record
from chassis.db import Database
from chassis.schema import technical_tables
from contracts.event import Event
from contracts.values import Count, Ref

TABLES = (
    technical_tables()
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
