"""Reads topics from their end, without a group: each gateway process sees every event, and keeps no position.

What it cannot see it does not hide: ``is_connected`` is false from the moment the broker does not answer, and the
``lost`` listeners run, as they do again when it is back: what happened in between was not seen.
"""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from prometheus_client import Counter, Gauge

from chassis.broker import connection
from contracts.envelope import Envelope
from contracts.event import Event
from contracts.parse import Unreadable, parse

log = structlog.get_logger()
CONNECTED = Gauge("halles_gateway_tail_connected", "1 while events of the tailed topics are arriving")
TAILED = Counter("halles_gateway_tailed_total", "Events seen by the tail", ["topic", "outcome"])
_PROBE_SECONDS = 2.0
_RETRY_SECONDS = 1.0
_FETCH_WAIT_MS = 5_000
_GATHER_SECONDS = 0.03

Listener = Callable[[Envelope, Event], None]


class Tail:
    """A resource: ``open`` starts reading in the background and never waits for the broker."""

    def __init__(self, brokers: str, topics: Sequence[str]) -> None:
        self._brokers = brokers
        self._topics = tuple(topics)
        self._listeners: list[Listener] = []
        self._lost: list[Callable[[], None]] = []
        self._task: asyncio.Task[None] | None = None
        self._connected = False

    def subscribe(self, listener: Listener, *, lost: Callable[[], None]) -> None:
        """``listener`` gets each event in partition order; ``lost`` says that some may be missed from now on."""
        self._listeners.append(listener)
        self._lost.append(lost)

    def is_connected(self) -> bool:
        return self._connected

    async def open(self) -> None:
        self._task = asyncio.create_task(self._run(), name="tail")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            try:
                await self._connected_once()
            except (KafkaError, OSError, TimeoutError) as error:
                log.warning("tail.disconnected", error=type(error).__name__, detail=str(error))
            finally:
                self._set_connected(False)
            await asyncio.sleep(_RETRY_SECONDS)

    async def _connected_once(self) -> None:
        consumer = AIOKafkaConsumer(
            *self._topics,
            **connection(self._brokers),
            group_id=None,
            auto_offset_reset="latest",
            fetch_max_wait_ms=_FETCH_WAIT_MS,
            request_timeout_ms=_FETCH_WAIT_MS + 2_000,
            metadata_max_age_ms=60_000,
        )
        try:
            await asyncio.wait_for(consumer.start(), 10)
            await self._at_end(consumer)
            self._set_connected(True)
            await _first_failure(self._read(consumer), _probe(self._brokers))
        finally:
            await consumer.stop()

    async def _at_end(self, consumer: AIOKafkaConsumer) -> None:
        """Wait until every partition is assigned and its position is its end."""
        partitions: frozenset[TopicPartition] = consumer.assignment()
        missing = set(self._topics) - {partition.topic for partition in partitions}
        if missing:
            raise KafkaError(f"topics do not exist yet: {', '.join(sorted(missing))}")
        await asyncio.wait_for(consumer.seek_to_end(), 10)
        log.info("tail.connected", partitions=len(partitions))

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        """The first event after a pause is told at once; then they gather, as one fetch costs as much as many events."""
        partitions = consumer.assignment()
        while True:
            batches = await consumer.getmany(timeout_ms=60_000)
            consumer.pause(*partitions)
            for records in batches.values():
                for record in records:
                    self._tell(record.topic, record.headers, record.value)
            await asyncio.sleep(_GATHER_SECONDS)
            consumer.resume(*partitions)

    def _tell(self, topic: str, headers: Sequence[tuple[str, bytes]], value: bytes | None) -> None:
        try:
            parsed = parse(headers, value)
        except Unreadable as error:
            TAILED.labels(topic, error.reason).inc()
            self._tell_lost()
            return
        TAILED.labels(topic, "read" if parsed.data else "unknown").inc()
        if parsed.data is not None:
            for listener in self._listeners:
                listener(parsed.envelope, parsed.data)

    def _set_connected(self, connected: bool) -> None:
        if self._connected is not connected:
            self._tell_lost()
        self._connected = connected
        CONNECTED.set(connected)

    def _tell_lost(self) -> None:
        for lost in self._lost:
            lost()


async def _probe(brokers: str) -> None:
    """The consumer hides a broker that went away; a small question every two seconds does not.

    It has a connection of its own: on the consumer's, it would wait behind a fetch that waits for events.
    """
    admin = AIOKafkaAdminClient(**connection(brokers), request_timeout_ms=5_000)
    try:
        await asyncio.wait_for(admin.start(), 5)
        while True:
            await asyncio.sleep(_PROBE_SECONDS)
            await asyncio.wait_for(admin.describe_cluster(), _PROBE_SECONDS)
    finally:
        await admin.close()


async def _first_failure(*works: Coroutine[Any, Any, None]) -> None:
    tasks = [asyncio.create_task(work) for work in works]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
