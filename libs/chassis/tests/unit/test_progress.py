"""How far a group is behind, as its own series say it."""

from dataclasses import dataclass

import pytest
from aiokafka import TopicPartition
from prometheus_client import REGISTRY

from chassis.progress import Progress


@dataclass
class Told:
    topic: str
    partition: int
    offset: int
    timestamp: int


class Ends:
    """A consumer whose last fetch told these ends."""

    def __init__(self, **ends: int) -> None:
        self._ends = ends

    def highwater(self, partition: TopicPartition) -> int | None:
        return self._ends.get(f"{partition.topic}_{partition.partition}")


def lag(group: str, topic: str, partition: int) -> float | None:
    labels = {"consumer": group, "topic": topic, "partition": str(partition)}
    return REGISTRY.get_sample_value("halles_consumer_lag_messages", labels)


def seconds(group: str, topic: str) -> float | None:
    return REGISTRY.get_sample_value("halles_consumer_lag_seconds", {"consumer": group, "topic": topic})


def test_a_batch_in_hand_counts_and_its_oldest_event_ages_until_it_is_done() -> None:
    now = [1000.0]
    progress = Progress("g1", clock=lambda: now[0])
    progress.watch(["a", "b"])
    records = [Told("a", 0, 7, 990_000), Told("a", 0, 8, 995_000), Told("b", 3, 1, 999_000)]

    assert (seconds("g1", "a"), seconds("g1", "b")) == (0.0, 0.0), "there from the start"
    with progress.over(records, Ends(a_0=12, b_3=2)):
        assert (lag("g1", "a", 0), lag("g1", "b", 3)) == (5, 1)
        assert (seconds("g1", "a"), seconds("g1", "b")) == (10.0, 1.0)
        now[0] = 1100.0
        assert seconds("g1", "a") == 110.0, "a batch that is stuck grows older"

    assert (lag("g1", "a", 0), lag("g1", "b", 3)) == (3, 0)
    assert (seconds("g1", "a"), seconds("g1", "b")) == (0.0, 0.0)


def test_a_batch_that_is_broken_off_stays_in_hand() -> None:
    progress = Progress("g2", clock=lambda: 50.0)
    progress.watch(["a"])

    with pytest.raises(KeyError), progress.over([Told("a", 0, 0, 20_000)], Ends(a_0=1)):
        raise KeyError("cancelled")

    assert seconds("g2", "a") == 30.0 and lag("g2", "a", 0) == 1
