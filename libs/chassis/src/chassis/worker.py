"""FastStream over aiokafka, set up once: batches of raw records, offsets by hand after their batches are done.

Nothing else in the platform subscribes. FastStream's own policies lose or spin on failures, and its header decoding skips
records silently (reliability.md 1.9), so records reach ``Consumer`` untouched and the offset moves once it has returned.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaMessage

from chassis import tracing
from chassis.broker import faststream_connection
from chassis.consume import Consumer, Subscription
from chassis.db import Database
from chassis.offsets import Offsets
from chassis.progress import Progress

log = structlog.get_logger()

STUCK_SECONDS = 120.0
_STARTS = 20
"""FastStream starts a loop that failed again at once, and forgets none: a heartbeat that had ended took a core and all memory."""
_POLL_MS = 365 * 86_400_000
"""FastStream sleeps as long again after an empty poll, deaf to what arrives: with its 200 ms, events waited 140 ms on average."""


class Worker:
    """All consumer groups of a service in one process. ``start`` waits for the broker as long as it takes.

    ``instance`` names this process for good (a pod of a StatefulSet): a restart then takes its partitions back at once and
    without a rebalance. Without it a killed process's partitions wait for the shorter session to run out.
    """

    def __init__(
        self,
        db: Database,
        subscriptions: Sequence[Subscription],
        *,
        brokers: str,
        name: str,
        batch: int = 500,
        instance: str | None = None,
    ) -> None:
        self._stopping = False
        self.connected = False
        self._groups: dict[str, tuple[Any, Consumer, Progress]] = {}
        self._broker = KafkaBroker(
            **faststream_connection(brokers), client_id=name, ack_policy=AckPolicy.MANUAL, allow_auto_create_topics=False, apply_types=False,
            logger=None, parser=_parse, decoder=_decode, graceful_timeout=20.0, request_timeout_ms=20_000,
        )  # fmt: skip
        self._offsets: list[Offsets] = []
        for subscription in subscriptions:
            progress = Progress(subscription.group)
            progress.watch(subscription.topics)
            self._offsets.append(offsets := Offsets(progress))
            subscriber = self._broker.subscriber(
                *subscription.topics,
                group_id=subscription.group,
                batch=True,
                max_records=batch,
                auto_offset_reset="earliest",
                fetch_max_wait_ms=5000,
                batch_timeout_ms=_POLL_MS,
                consumer_timeout_ms=1000,
                group_instance_id=f"{subscription.group}-{instance}" if instance else None,
                session_timeout_ms=30_000 if instance else 6000,
                heartbeat_interval_ms=5000 if instance else 1000,
                max_poll_interval_ms=300_000,
                listener=offsets,
            )
            consumer = Consumer(db, subscription)
            subscriber(self._handler(consumer, subscription, progress, offsets))
            self._groups[subscription.group] = (subscriber, consumer, progress)

    async def start(self) -> None:
        while not self._stopping:
            try:
                await self._broker.start()
            except (KafkaError, OSError) as error:
                log.warning("consumers.waiting_for_broker", error=str(error))
                await self._broker.stop()
                await asyncio.sleep(1.0)
            else:
                self.connected = True
                return

    async def check(self) -> str | None:
        """Readiness: the consumers have joined their groups."""
        return None if self.connected else "consumers: waiting for the broker"

    async def alive(self) -> str | None:
        """Liveness: each group's loop runs and stays, and none sits on a batch without waiting for something outside (reliability.md 7.1)."""
        for group, (subscriber, consumer, progress) in self._groups.items():
            if self.connected and not self._stopping and all(task.done() for task in subscriber.tasks):
                return f"consumers: the loop of {group} has ended"
            if len(subscriber.tasks) > _STARTS:
                return f"consumers: the loop of {group} fails again and again"
            if progress.in_hand(since=consumer.waited_at) > STUCK_SECONDS:
                return f"consumers: {group} has had the same batch in hand for over {STUCK_SECONDS:.0f} s"
        return None

    async def stop(self) -> None:
        """Finish the batch in hand, commit all offsets, leave the groups."""
        self._stopping = True
        for offsets in self._offsets:
            await offsets.flush()
        await self._broker.stop()

    def _handler(
        self, consumer: Consumer, subscription: Subscription, progress: Progress, offsets: Offsets
    ) -> Callable[[KafkaMessage], Awaitable[None]]:
        async def handle(message: KafkaMessage) -> None:
            records: Any = message.raw_message
            reader: Any = message.consumer
            async with _gathering(reader, subscription.gather_seconds):
                with progress.over(records, reader), tracing.consuming(subscription.group, records):
                    await consumer.process(records)
                offsets.done(reader, records)
                if self._stopping:
                    await offsets.flush()

        return handle


@asynccontextmanager
async def _gathering(consumer: Any, seconds: float) -> AsyncIterator[None]:
    """Let events gather at the broker until ``seconds`` after the start, so that the next fetch brings them all.

    Without the pause the client asks again at once and gets the next single event: each fetch names every partition and costs
    the same whether it brings one event or five hundred.
    """
    started, paused = time.monotonic(), consumer.assignment() if seconds else ()
    consumer.pause(*paused)
    try:
        yield
        await asyncio.sleep(max(0.0, started + seconds - time.monotonic()))
    finally:
        consumer.resume(*(consumer.assignment() & consumer.paused()))


async def _parse(records: tuple[Any, ...], original: Callable[..., Awaitable[KafkaMessage]]) -> KafkaMessage:
    """Give FastStream a first record without headers, so that none can trip it, and keep the real ones."""
    message = await original((replace(records[0], headers=()),))
    message.raw_message = records
    return message


async def _decode(message: KafkaMessage) -> KafkaMessage:
    return message
