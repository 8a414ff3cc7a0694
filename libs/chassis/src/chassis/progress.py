"""How far a consumer group is behind, measured where its batches pass: in messages, and in seconds that grow while one is stuck."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol

from aiokafka import TopicPartition

from chassis.metrics import CONSUMER_BATCH_SECONDS, CONSUMER_LAG, CONSUMER_LAG_SECONDS, OFFSETS_NOT_COMMITTED


class Reader(Protocol):
    """The Kafka consumer's part that is asked: the end of a partition as the last fetch told it."""

    def highwater(self, partition: TopicPartition) -> int | None: ...


class Progress:
    """Of one group. ``clock`` gives seconds since 1970, as records' timestamps do."""

    def __init__(self, group: str, *, clock: Callable[[], float] = time.time) -> None:
        self._group = group
        self._clock = clock
        self._oldest: dict[str, float] = {}
        self._taken: float | None = None

    def in_hand(self, *, since: float = 0.0) -> float:
        """For how many seconds the same batch has been worked on, at most since that ``time.monotonic()``; 0 between batches."""
        return 0.0 if self._taken is None else time.monotonic() - max(self._taken, since)

    def watch(self, topics: Sequence[str]) -> None:
        """Have the series of these topics from the start, so that an alert sees a group that never moved."""
        for topic in topics:
            self._oldest[topic] = 0.0
            CONSUMER_LAG_SECONDS.labels(self._group, topic).set_function(partial(self.seconds, topic))

    def seconds(self, topic: str) -> float:
        """Age of the oldest event in hand; 0 when there is none."""
        oldest = self._oldest.get(topic, 0.0)
        return max(0.0, self._clock() - oldest) if oldest else 0.0

    @contextmanager
    def over(self, records: Sequence[Any], reader: Reader) -> Iterator[None]:
        """While the block handles these records they count as not finished."""
        started, self._taken = time.perf_counter(), time.monotonic()
        first = {(record.topic, record.partition): record for record in reversed(records)}
        last = {(record.topic, record.partition): record for record in records}
        for record in first.values():
            moment = record.timestamp / 1000
            self._oldest[record.topic] = min(moment, self._oldest.get(record.topic) or moment)
            self._tell(record, reader, finished=False)
        try:
            yield
        finally:
            self._taken = None
        for record in last.values():
            self._oldest[record.topic] = 0.0
            self._tell(record, reader, finished=True)
        CONSUMER_BATCH_SECONDS.labels(self._group).observe(time.perf_counter() - started)

    def not_committed(self) -> None:
        OFFSETS_NOT_COMMITTED.labels(self._group).inc()

    def _tell(self, record: Any, reader: Reader, *, finished: bool) -> None:
        end = reader.highwater(TopicPartition(record.topic, record.partition))
        if end is not None:
            lag = max(0, end - record.offset - finished)
            CONSUMER_LAG.labels(self._group, record.topic, str(record.partition)).set(lag)
