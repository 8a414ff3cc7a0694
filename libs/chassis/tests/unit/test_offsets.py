"""Offsets follow the work: together, late by a moment, and none is forgotten."""

import asyncio
from dataclasses import dataclass, field

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import IllegalStateError

from chassis import offsets
from chassis.offsets import Offsets
from chassis.progress import Progress
from testkit import eventually


@dataclass(frozen=True)
class Done:
    offset: int
    partition: int = 0
    topic: str = "t"


@dataclass
class Reader:
    """A consumer that owns partition 0 and takes its time to commit; ``is_away`` refuses."""

    told: list[dict[TopicPartition, int]] = field(default_factory=list)
    is_away: bool = False
    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    def assignment(self) -> frozenset[TopicPartition]:
        return frozenset({TopicPartition("t", 0)})

    async def commit(self, places: dict[TopicPartition, int]) -> None:
        if self.is_away:
            raise IllegalStateError("gone")
        self.told.append(places)
        await self.may_end.wait()


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    monkeypatch.setattr(offsets, "DELAY_SECONDS", 0.01)
    return Reader()


async def test_batches_that_follow_closely_are_told_by_one_commit(reader: Reader) -> None:
    mine = Offsets(Progress("o1"))
    reader.may_end.set()

    mine.done(reader, [Done(3), Done(4)])
    mine.done(reader, [Done(5), Done(9, partition=1)])
    await eventually(lambda: bool(reader.told))

    assert reader.told == [{TopicPartition("t", 0): 6}]


async def test_what_is_done_while_a_commit_is_on_its_way_is_told_next(reader: Reader) -> None:
    mine = Offsets(Progress("o2"))

    mine.done(reader, [Done(3)])
    await eventually(lambda: len(reader.told) == 1)
    mine.done(reader, [Done(4)])
    reader.may_end.set()
    await eventually(lambda: len(reader.told) == 2)

    assert reader.told[-1] == {TopicPartition("t", 0): 5}


async def test_before_partitions_go_and_before_the_end_everything_is_told_at_once(reader: Reader) -> None:
    mine = Offsets(Progress("o3"))
    reader.may_end.set()

    mine.done(reader, [Done(3)])
    await mine.on_partitions_revoked([TopicPartition("t", 0)])

    assert reader.told == [{TopicPartition("t", 0): 4}]


async def test_a_commit_that_fails_stops_nothing(reader: Reader) -> None:
    mine = Offsets(Progress("o4"))
    reader.is_away = True
    mine.done(reader, [Done(3)])
    await mine.flush()

    reader.is_away = False
    reader.may_end.set()
    mine.done(reader, [Done(4)])
    await mine.flush()

    assert reader.told == [{TopicPartition("t", 0): 5}]
