"""Pushes records through the real consumer wrapper, and reads what a service is about to publish."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from chassis.consume import Consumer, Subscription
from chassis.db import Database
from contracts.envelope import Envelope, to_headers
from contracts.event import Event
from contracts.ids import new_event_id
from contracts.registry import BY_TYPE
from runtime.inspect import parked_keys

Told = tuple[Event, str, int]
"""An event with its subject and sequence."""


@dataclass(frozen=True, slots=True)
class FakeRecord:
    """What aiokafka would hand over."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


@dataclass
class Tape:
    """Makes records with growing offsets and stable event ids, so that one can be delivered again, late, or out of order."""

    correlation_id: str = "req_test"
    records: list[FakeRecord] = field(default_factory=list)

    def record(self, event: Event, subject: str, sequence: int, *, replay: bool = False) -> FakeRecord:
        envelope = Envelope(
            id=new_event_id(),
            type=event.type,
            source=f"/services/{event.topic.partition('.')[0]}",
            subject=subject,
            time=datetime.now(UTC),
            sequence=sequence,
            correlation_id=self.correlation_id,
            replay=replay,
        )
        made = FakeRecord(event.topic, 0, len(self.records), subject.encode(), event.to_json(), to_headers(envelope))
        self.records.append(made)
        return made


async def deliver(
    db: Database,
    subscription: Subscription,
    told: Iterable[Told | FakeRecord],
    *,
    twice: bool = True,
    one_by_one: bool = False,
    replay: bool = False,
    parking_allowed: bool = False,
) -> list[FakeRecord]:
    """Deliver events as one batch (or ``one_by_one``), by default twice, and return their records.

    Fails when a handler crashed and its key was parked, unless that is what the test is about.
    """
    tape, consumer = Tape(), Consumer(db, subscription)
    records = [item if isinstance(item, FakeRecord) else tape.record(*item, replay=replay) for item in told]
    for batch in [[record] for record in records] if one_by_one else [records]:
        for _ in range(2 if twice else 1):
            await consumer.process(batch)
    parked = await parked_keys(db, subscription.group)
    assert parking_allowed or not parked, f"parked: {parked}"  # noqa: S101
    return records


@dataclass(frozen=True, slots=True)
class Emitted:
    """One row of the outbox."""

    data: Event
    subject: str
    sequence: int
    correlation_id: str
    replay: bool


async def emitted(db: Database, *, clear: bool = False) -> list[Emitted]:
    """Everything waiting in the outbox, in order; ``clear`` empties it as the relay would."""
    async with db.hot_transaction() as tx:
        rows = await tx.rows("SELECT * FROM outbox WHERE headers IS NULL ORDER BY id")
        if clear:
            await tx.execute("DELETE FROM outbox")
    return [
        Emitted(
            BY_TYPE[row["type"]].model_validate_json(row["payload"]),
            row["aggregate_id"],
            row["sequence"],
            row["correlation_id"],
            row["replay"],
        )
        for row in rows
    ]
