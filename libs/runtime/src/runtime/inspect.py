"""Records that were set aside: dead letters in their topics, parked events in their table; looked at and run again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from chassis.broker import connection
from chassis.consume import Consumer, Received, Record, Subscription
from chassis.db import Database
from chassis.outbox import unpack_headers
from contracts.parse import Unreadable, parse

_MARK = "dlq-"


@dataclass(frozen=True)
class Kept:
    """A dead letter as the record that it was, with what was noted when it was set aside."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    notes: dict[str, str]

    @property
    def key_text(self) -> str:
        return (self.key or b"").decode("utf-8", "replace")

    def summary(self) -> dict[str, Any]:
        return {"key": self.key_text, **self.notes}

    def whole(self) -> dict[str, Any]:
        body = None if self.value is None else self.value.decode("utf-8", "replace")
        return {
            **self.summary(),
            "headers": [(n, v and v.decode("utf-8", "replace")) for n, v in self.headers],
            "body": body,
        }

    async def replay(self, consumer: Consumer) -> bool:
        """Run it through the consumer that refused it; False when it still cannot be read."""
        try:
            parse(self.headers, self.value)
        except Unreadable:
            return False
        await consumer.process([self])
        return True


def kept_from(record: Record) -> Kept:
    notes = {
        name.removeprefix(_MARK): (value or b"").decode() for name, value in record.headers if name.startswith(_MARK)
    }
    headers = tuple((name, value) for name, value in record.headers if not name.startswith(_MARK))
    place = (notes["topic"], int(notes["partition"]), int(notes["offset"]))
    return Kept(*place, record.key, record.value, headers, notes)


async def places_of(brokers: str, topics: Sequence[str]) -> list[TopicPartition]:
    """Every partition of these topics."""
    admin = AIOKafkaAdminClient(**connection(brokers))
    await admin.start()
    try:
        described = await admin.describe_topics(list(topics))
    finally:
        await admin.close()
    return [TopicPartition(one["topic"], part["partition"]) for one in described for part in one["partitions"]]


async def parked_keys(db: Database, consumer: str) -> list[dict[str, Any]]:
    async with db.reading() as tx:
        return await tx.rows(
            "SELECT consumer, key, count(*) AS events, min(first_seen) AS since, (array_agg(error ORDER BY position))[1] AS error"
            " FROM parked_events WHERE consumer = %s GROUP BY consumer, key ORDER BY min(position)",
            (consumer,),
        )


async def drain(db: Database, subscription: Subscription, key: str) -> int:
    """Run a parked key's events in order, each in a transaction of its own; raises what the first failing one raises."""
    done = 0
    while await _drain_one(db, subscription, key):
        done += 1
    return done


async def _drain_one(db: Database, subscription: Subscription, key: str) -> bool:
    async with db.hot_transaction() as tx:
        row = await tx.row(
            "SELECT * FROM parked_events WHERE consumer = %s AND key = %s ORDER BY position LIMIT 1 FOR UPDATE",
            (subscription.group, key),
        )
        if row is None:
            return False
        parsed = parse(unpack_headers(row["headers"]), row["payload"])
        batch = [Received(parsed.envelope, parsed.data)] if parsed.data is not None else []
        if effect := subscription.effects.get(row["topic"]):
            await effect(batch)
        if batch and (handler := subscription.handlers.get(row["topic"])):
            await handler(tx, batch)
        await tx.execute("DELETE FROM parked_events WHERE position = %s", (row["position"],))
        return True
