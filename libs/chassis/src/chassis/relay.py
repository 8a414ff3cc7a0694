"""Publishes outbox rows: in identity order per aggregate, at least once, the only code that talks to a Kafka producer.

A round takes the shards that nobody else holds (transaction-level advisory locks), reads their oldest rows, sends one batch
per partition and waits, deletes what was acknowledged, commits. One batch per partition in flight is what keeps the first
copies in order through outages; a crash between acknowledgement and delete repeats events, and consumers drop repeats.
"""

import asyncio
import random
import time
from functools import partial
from itertools import takewhile
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError, KafkaError
from aiokafka.partitioner import DefaultPartitioner

from chassis import tracing
from chassis.broker import connection
from chassis.crash import checkpoint
from chassis.db import Database, HotTransaction
from chassis.metrics import OUTBOX_OLDEST, OUTBOX_PARKED, OUTBOX_PUBLISHED
from chassis.outbox import unpack_headers
from chassis.schema import SHARDS
from contracts.envelope import Envelope, to_headers

log = structlog.get_logger()
Row = dict[str, Any]
Partition = tuple[str, int]
_LOCK_CLASS = 7201
_ATTEMPTS = 5
_GATHER_SECONDS = 0.01
"""Shortest time between the beginnings of two rounds: the first event goes at once, under load rounds grow."""
_MEASURE_SECONDS = 5.0
"""The gauges of the outbox are never older than this."""
_LOCK = """
SELECT g %% %(all)s AS shard FROM generate_series(%(first)s::int, %(first)s::int + %(all)s - 1) AS g
WHERE pg_try_advisory_xact_lock(%(class)s, g %% %(all)s) LIMIT %(claim)s
"""
_READ = """
SELECT * FROM outbox AS o WHERE shard = ANY(%s)
AND NOT EXISTS (SELECT FROM outbox AS p WHERE p.parked_at IS NOT NULL AND p.aggregate_id = o.aggregate_id)
ORDER BY id LIMIT %s
"""
_FAILED = """
UPDATE outbox SET attempts = attempts + 1, last_error = %s,
       parked_at = CASE WHEN attempts + 1 >= %s THEN clock_timestamp() END WHERE id = %s
"""
_STATE = """
SELECT coalesce((SELECT extract(epoch FROM clock_timestamp() - created_at) FROM outbox ORDER BY id LIMIT 1), -1)::float AS oldest,
       (SELECT count(*) FROM outbox WHERE parked_at IS NOT NULL) AS parked
"""
_choose = DefaultPartitioner()


class Relay:
    """``run_once`` is the work of a loop. ``batch`` bounds the rows of a round, ``seconds`` its wait for acknowledgements,
    ``claim`` its shards: with several relays lower it, so that they share the work.
    """

    def __init__(
        self, db: Database, *, service: str, brokers: str, batch: int = 500, seconds: float = 20.0, claim: int = SHARDS
    ) -> None:
        self._db = db
        self._source = f"/services/{service}"
        self._brokers = brokers
        self._batch = batch
        self._seconds = seconds
        self._claim = claim
        self._producer: AIOKafkaProducer | None = None
        self._begun = self._measured = -_MEASURE_SECONDS
        self._is_told = False

    async def run_once(self) -> bool:
        """Publish one batch; True when there may be more. A commit that happens meanwhile wakes the loop again."""
        await asyncio.sleep(max(0.0, self._begun + _GATHER_SECONDS - time.monotonic()))
        self._begun = time.monotonic()
        is_told, self._is_told = self._is_told and self._begun < self._measured + _MEASURE_SECONDS, False
        if not is_told and not await self._waiting():
            return False
        claim = {"all": SHARDS, "first": random.randrange(SHARDS), "class": _LOCK_CLASS, "claim": self._claim}
        async with self._db.hot_transaction() as tx:
            shards = [row["shard"] for row in await tx.rows(_LOCK, claim)]
            rows = await tx.rows(_READ, (shards, self._batch)) if shards else []
            sent = 0
            if rows:
                checkpoint("relay.before_publish")
                sent = await self._publish(tx, rows)
        if rows:
            checkpoint("relay.after_commit")
        self._is_told |= sent < len(rows) or len(rows) == self._batch
        return self._is_told

    def expect(self) -> None:
        """There is something to publish: the next round need not look first."""
        self._is_told = True

    async def close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()

    async def _publish(self, tx: HotTransaction, rows: list[Row]) -> int:
        producer = await self._started()
        try:
            with tracing.sending(rows):
                results = await self._send(producer, rows)
        except (TimeoutError, KafkaError):
            await self.close()
            raise
        checkpoint("relay.after_publish")
        done = [row["id"] for sent, error in results if error is None for row in sent]
        await tx.execute("DELETE FROM outbox WHERE id = ANY(%s)", (done,))
        checkpoint("relay.after_delete")
        for sent, error in results:
            if error is not None:
                await self._note(tx, sent[0], error)
        OUTBOX_PUBLISHED.inc(len(done))
        return len(done)

    async def _send(self, producer: AIOKafkaProducer, rows: list[Row]) -> list[tuple[list[Row], Exception | None]]:
        """One batch per partition; what does not fit waits for the next round, so that nothing overtakes."""
        waiting: list[tuple[list[Row], asyncio.Future[Any] | Exception]] = []
        for (topic, partition), group in (await self._by_partition(producer, rows)).items():
            batch = producer.create_batch()
            sent = list(takewhile(partial(self._append, batch), _leading(group)))
            if not sent:
                waiting.append((group[:1], ValueError("larger than a Kafka record may be")))
            elif partition < 0:
                waiting.append((group[:1], ValueError(f"topic {topic} does not exist")))
            else:
                waiting.append((sent, await producer.send_batch(batch, topic, partition=partition)))
        futures = [outcome for _, outcome in waiting if isinstance(outcome, asyncio.Future)]
        if futures:
            await asyncio.wait_for(asyncio.gather(*futures, return_exceptions=True), self._seconds)
        return [(sent, _failure(outcome)) for sent, outcome in waiting]

    def _append(self, batch: Any, row: Row) -> bool:
        key = row["aggregate_id"].encode()
        return batch.append(key=key, value=row["payload"], timestamp=None, headers=self._headers(row)) is not None

    def _headers(self, row: Row) -> list[tuple[str, bytes | None]]:
        if row["headers"] is not None:
            return unpack_headers(row["headers"])
        envelope = Envelope(
            id=row["event_id"],
            type=row["type"],
            source=self._source,
            subject=row["aggregate_id"],
            time=row["created_at"],
            sequence=row["sequence"],
            correlation_id=row["correlation_id"],
            causation_id=row["causation_id"],
            traceparent=row["traceparent"],
            replay=row["replay"],
        )
        return list(to_headers(envelope))

    async def _by_partition(self, producer: AIOKafkaProducer, rows: list[Row]) -> dict[Partition, list[Row]]:
        known = {topic: await _partitions(producer, topic) for topic in {row["topic"] for row in rows}}
        groups: dict[Partition, list[Row]] = {}
        for row in rows:
            there = known[row["topic"]]
            place = _choose(row["aggregate_id"].encode(), there, there) if there else -1
            groups.setdefault((row["topic"], place), []).append(row)
        return groups

    async def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                **connection(self._brokers), acks="all", enable_idempotence=True, max_batch_size=950_000
            )
            await producer.start()
            self._producer = producer
        return self._producer

    async def _note(self, tx: HotTransaction, row: Row, error: Exception) -> None:
        if isinstance(error, KafkaError) and error.retriable:
            return
        log.error("outbox.row_failed", event_id=str(row["event_id"]), topic=row["topic"], error=repr(error))
        await tx.execute(_FAILED, (repr(error), _ATTEMPTS, row["id"]))

    async def _waiting(self) -> bool:
        self._measured = time.monotonic()
        async with self._db.reading() as tx:
            state = await tx.row(_STATE) or {"oldest": -1, "parked": 0}
        OUTBOX_OLDEST.set(max(state["oldest"], 0))
        OUTBOX_PARKED.set(state["parked"])
        return bool(state["oldest"] >= 0)


def _leading(group: list[Row]) -> list[Row]:
    """After a failure the first row goes alone, so that the one that cannot be published is found."""
    return group[:1] if group[0]["attempts"] else group


async def _partitions(producer: AIOKafkaProducer, topic: str) -> list[int]:
    """Partitions of a topic, empty when the broker does not know it; raises when the broker is away."""
    cluster = producer.client.cluster
    if cluster.partitions_for_topic(topic) is None:
        await producer.client.add_topic(topic)
        if not await producer.client.force_metadata_update():
            raise KafkaConnectionError("no metadata from the broker")
    return sorted(cluster.partitions_for_topic(topic) or ())


def _failure(outcome: asyncio.Future[Any] | Exception) -> Exception | None:
    if isinstance(outcome, Exception):
        return outcome
    error = outcome.exception()
    return error if isinstance(error, Exception) else None
