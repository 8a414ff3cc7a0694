"""The one way to consume: a batch is one transaction, then the offset; failures are isolated without losing order.

A batch that fails is run again message by message. What then still fails is handled by its class (reliability.md 1.7):
our own infrastructure away -> again for ever; a dependency -> up to 30 s, then the key is parked; unreadable -> dead letter
at once; a bug -> three tries, then the key is parked. A parked key keeps its order: later events of it queue behind.
"""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol, overload

import structlog

from chassis import context, outbox
from chassis.crash import checkpoint
from chassis.db import Database, HotTransaction
from chassis.failures import AWAY, DependencyFailed
from chassis.metrics import CONSUMED, CONSUMER_DELAY, DEAD_LETTERS
from contracts.envelope import Envelope
from contracts.event import Event
from contracts.parse import Parsed, Unreadable, parse
from contracts.topics import unwanted_by

log = structlog.get_logger()
_RECORD_IDS = uuid.UUID("6f1f2d5e-6f0b-4d0c-9a53-6a1d9f0b7e11")
_BUG_TRIES = 3
_CLAIM = """
WITH claimed AS (
    INSERT INTO inbox (consumer, event_id) SELECT %(consumer)s, unnest(%(ids)s::uuid[]) ON CONFLICT DO NOTHING RETURNING event_id
)
SELECT event_id, NULL AS key FROM claimed
UNION ALL SELECT NULL, key FROM (SELECT DISTINCT key FROM parked_events WHERE consumer = %(consumer)s AND key = ANY(%(keys)s)) AS p
"""
_PARK = """
INSERT INTO parked_events (consumer, key, event_id, topic, kafka_partition, kafka_offset, headers, payload, error)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


class Record(Protocol):
    """A Kafka record as aiokafka gives it."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]: ...


@dataclass(frozen=True, slots=True)
class Received:
    """A readable event of a known type."""

    envelope: Envelope
    data: Event

    @property
    def cause(self) -> context.Cause:
        """What events that follow from this one carry."""
        return context.Cause(self.envelope.correlation_id, str(self.envelope.id), self.envelope.traceparent)


class Batch(Sequence[Received]):
    """Events in partition order. Iterating binds the cause of each event while the loop's body runs, so that what the body
    emits carries its correlation; set-based handlers give ``cause=received.cause`` to ``outbox.add`` instead.
    """

    def __init__(self, events: Sequence[Received]) -> None:
        self._events = events

    def __iter__(self) -> Iterator[Received]:
        for event in self._events:
            context.set_current(event.cause)
            yield event

    def __len__(self) -> int:
        return len(self._events)

    @overload
    def __getitem__(self, index: int) -> Received: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Received]: ...
    def __getitem__(self, index: int | slice) -> Received | Sequence[Received]:
        return self._events[index]


Handler = Callable[[HotTransaction, Sequence[Received]], Awaitable[None]]
Effect = Callable[[Sequence[Received]], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """What a consumer group reads. ``handlers`` run in the batch's transaction, after duplicates are dropped.

    ``effects`` run before it, for targets outside the database; they must be harmless when repeated. Set ``replays`` for
    projections only: everybody else drops events that were re-emitted from tables. ``gather_seconds`` is the shortest time
    between the beginnings of two batches: the first event after a pause is handled at once, and under load batches grow.
    """

    group: str
    handlers: Mapping[str, Handler] = field(default_factory=dict)
    effects: Mapping[str, Effect] = field(default_factory=dict)
    replays: bool = False
    gather_seconds: float = 0.02

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(sorted({*self.handlers, *self.effects}))


@dataclass(frozen=True, slots=True)
class Entry:
    """A record with what could be read of it. ``event_id`` of an unreadable one is made from its place in the log."""

    record: Record
    event_id: uuid.UUID
    key: str
    parsed: Parsed | None
    unreadable: Unreadable | None

    @property
    def received(self) -> Received | None:
        if self.parsed is None or self.parsed.data is None:
            return None
        return Received(self.parsed.envelope, self.parsed.data)


class Consumer:
    """Processes batches of one subscription. ``process`` returns when every record is done, parked or dead-lettered."""

    def __init__(self, db: Database, subscription: Subscription, *, dependency_seconds: float = 30.0) -> None:
        """``dependency_seconds``: how long a message is tried again while another service fails it."""
        self._db = db
        self._subscription = subscription
        self._dependency_seconds = dependency_seconds
        self._name = subscription.group
        self.waited_at = 0.0
        """When something outside was last found away, as ``time.monotonic()`` says it."""
        self._unwanted = {
            topic: frozenset(type_.encode() for type_ in types) for topic, types in unwanted_by(self._name).items()
        }

    async def process(self, records: Sequence[Record]) -> None:
        entries = [self._read(record) for record in records if self._wants(record)]
        try:
            if entries:
                await self._patiently(entries)
        except Exception as error:
            log.warning("consumer.batch_failed", consumer=self._name, size=len(entries), error=repr(error))
            for entry in entries:
                await self._isolated(entry)
        checkpoint("consumer.after_commit")
        self._measure(entries)

    async def _patiently(self, entries: Sequence[Entry]) -> None:
        """Run until our own infrastructure is there; anything else that fails is raised."""
        pause = 0.1
        while True:
            try:
                return await self._together(entries)
            except AWAY as error:
                self.waited_at = time.monotonic()
                log.warning("consumer.waiting", consumer=self._name, error=str(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)

    async def _together(self, entries: Sequence[Entry]) -> None:
        if self._subscription.effects:
            await self._apply(entries)
        async with self._db.hot_transaction() as tx:
            fresh = await self._claim(tx, entries)
            checkpoint("consumer.after_claim")
            for topic, batch in _by_topic(fresh).items():
                if handler := self._subscription.handlers.get(topic):
                    await handler(tx, Batch(batch))
            checkpoint("consumer.before_commit")

    async def _claim(self, tx: HotTransaction, entries: Sequence[Entry]) -> list[Entry]:
        """Keep what was not seen before and may run; dead-letter the unreadable and queue behind parked keys."""
        ids, keys = [entry.event_id for entry in entries], list({entry.key for entry in entries})
        rows = await tx.rows(_CLAIM, {"consumer": self._name, "ids": ids, "keys": keys})
        unseen = {row["event_id"] for row in rows}
        parked = {row["key"] for row in rows} - {None}
        fresh = []
        for entry in entries:
            outcome = self._outcome(entry, unseen, parked)
            unseen.discard(entry.event_id)
            CONSUMED.labels(self._name, entry.record.topic, outcome).inc()
            if outcome == "done":
                fresh.append(entry)
            elif outcome == "dead":
                self._bury(tx, entry)
            elif outcome == "parked":
                await self._park(tx, entry, "behind a parked event of the same key")
        return fresh

    def _outcome(self, entry: Entry, unseen: set[Any], parked: set[Any]) -> str:
        if entry.event_id not in unseen:
            return "duplicate"
        if entry.unreadable is not None:
            return "dead"
        if entry.received is None:
            return "unknown"
        if self._drops(entry.received):
            return "replay-dropped"
        return "parked" if entry.key in parked else "done"

    def _drops(self, received: Received | None) -> bool:
        return received is not None and received.envelope.replay and not self._subscription.replays

    async def _apply(self, entries: Sequence[Entry]) -> None:
        async with self._db.reading() as tx:
            rows = await tx.rows(
                "SELECT DISTINCT key FROM parked_events WHERE consumer = %s AND key = ANY(%s)",
                (self._name, list({entry.key for entry in entries})),
            )
        parked = {row["key"] for row in rows}
        wanted = [entry for entry in entries if entry.key not in parked and not self._drops(entry.received)]
        for topic, batch in _by_topic(wanted).items():
            if effect := self._subscription.effects.get(topic):
                await effect(Batch(batch))

    async def _isolated(self, entry: Entry) -> None:
        """One message alone, by failure class."""
        started, tries = asyncio.get_running_loop().time(), 0
        while True:
            try:
                return await self._patiently([entry])
            except Exception as error:
                tries += 1
                waited = asyncio.get_running_loop().time() - started
                again = waited < self._dependency_seconds if isinstance(error, DependencyFailed) else tries < _BUG_TRIES
                if not again:
                    log.exception("consumer.parked", consumer=self._name, event_id=str(entry.event_id), key=entry.key)
                    return await self._set_aside(entry, repr(error))
            await asyncio.sleep(min(0.05 * 2**tries, 2.0))

    async def _set_aside(self, entry: Entry, error: str) -> None:
        while True:
            try:
                async with self._db.hot_transaction() as tx:
                    claimed = await tx.rows(_CLAIM, {"consumer": self._name, "ids": [entry.event_id], "keys": []})
                    if claimed:
                        await self._park(tx, entry, error)
                        CONSUMED.labels(self._name, entry.record.topic, "parked").inc()
                return
            except AWAY:
                await asyncio.sleep(1.0)

    async def _park(self, tx: HotTransaction, entry: Entry, error: str) -> None:
        record, headers = entry.record, outbox.pack_headers(entry.record.headers)
        place = (record.topic, record.partition, record.offset)
        await tx.execute(_PARK, (self._name, entry.key, entry.event_id, *place, headers, record.value, error))

    def _bury(self, tx: HotTransaction, entry: Entry) -> None:
        record, unreadable = entry.record, entry.unreadable
        if unreadable is None:
            return
        DEAD_LETTERS.labels(self._name, record.topic).inc()
        told = {"consumer": self._name, "topic": record.topic, "partition": record.partition, "offset": record.offset}
        told |= {"reason": unreadable.reason, "error": str(unreadable), "event-id": entry.event_id}
        headers = [*record.headers, *((f"dlq-{name}", str(value).encode()) for name, value in told.items())]
        log.error("consumer.dead_letter", **{name.replace("-", "_"): str(value) for name, value in told.items()})
        outbox.add_raw(
            tx, topic=f"dlq.{self._name}.{record.topic}", key=entry.key, headers=headers, payload=record.value
        )

    def _wants(self, record: Record) -> bool:
        """Whether the topic's file lists this type for this group; what cannot be told is read."""
        unwanted = self._unwanted.get(record.topic)
        if not unwanted or not any(name == "ce_type" and value in unwanted for name, value in record.headers):
            return True
        CONSUMED.labels(self._name, record.topic, "unwanted").inc()
        return False

    def _read(self, record: Record) -> Entry:
        key = (record.key or b"").decode("utf-8", "replace") or "none"
        place = uuid.uuid5(_RECORD_IDS, f"{record.topic}/{record.partition}/{record.offset}")
        try:
            parsed = parse(record.headers, record.value)
        except Unreadable as unreadable:
            return Entry(record, place, key, None, unreadable)
        return Entry(record, parsed.envelope.id, key, parsed, None)

    def _measure(self, entries: Sequence[Entry]) -> None:
        last = {entry.record.topic: entry.parsed.envelope.time for entry in entries if entry.parsed}
        for topic, moment in last.items():
            CONSUMER_DELAY.labels(self._name, topic).set((datetime.now(UTC) - moment).total_seconds())


def _by_topic(entries: Sequence[Entry]) -> dict[str, list[Received]]:
    groups: dict[str, list[Received]] = {}
    for entry in entries:
        if entry.received is not None:
            groups.setdefault(entry.record.topic, []).append(entry.received)
    return groups
