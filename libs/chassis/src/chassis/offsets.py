"""Offsets move behind the work: what batches have done is told to the broker together, soon after the first of them.

A commit costs client and broker as much as a small batch does. An offset that is late by a second costs nothing: after a crash
the events behind it come again, and the inbox drops them as it drops any copy.
"""

import asyncio
from collections.abc import Collection, Sequence
from typing import Any

import structlog
from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import ConsumerStoppedError, KafkaError

from chassis.crash import checkpoint
from chassis.progress import Progress

log = structlog.get_logger()
DELAY_SECONDS = 0.5


class Offsets(ConsumerRebalanceListener):
    """Of one group in this process. As the consumer's listener it also commits before partitions go to somebody else."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._done: dict[TopicPartition, int] = {}
        self._reader: Any = None
        self._task: asyncio.Task[None] | None = None

    def done(self, reader: Any, records: Sequence[Any]) -> None:
        """These records are finished: their offsets go out with those of the next half second."""
        self._reader = reader
        self._done |= {TopicPartition(record.topic, record.partition): record.offset + 1 for record in records}
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._later())

    async def flush(self) -> None:
        """Tell the broker now. A failure is harmless: the events come again and are dropped."""
        done, self._done = self._done, {}
        try:
            assigned = self._reader.assignment() if done else ()
            if mine := {place: offset for place, offset in done.items() if place in assigned}:
                await self._reader.commit(mine)
                checkpoint("consumer.after_offset")
        except (KafkaError, ConsumerStoppedError) as error:
            self._progress.not_committed()
            log.info("consumer.offset_not_committed", error=str(error))

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Whoever gets these partitions begins where we ended."""
        await self.flush()

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Nothing to do: positions come from the broker."""

    async def _later(self) -> None:
        """Until nothing is left: more may be done while a commit is on its way."""
        while self._done:
            await asyncio.sleep(DELAY_SECONDS)
            await self.flush()
