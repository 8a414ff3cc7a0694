"""The topic files as typed data. They are the only source of what exists on the broker."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "topics"
DAY_MS = 86_400_000
DEAD_LETTER_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """``kind``: event | state | command | activity | dead-letter. ``retention_ms`` is None for compacted topics.

    ``consumers`` are consumer groups: a service, or a service and a purpose (``catalog.search-index``). ``wanted`` holds for
    each group the types that it is for: the consumer drops the others unread.
    """

    name: str
    owner: str
    kind: str
    key: str
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    types: tuple[str, ...]
    partitions: int
    retention_ms: int | None
    wanted: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def compacted(self) -> bool:
        return self.retention_ms is None

    def config(self) -> dict[str, str]:
        """Broker settings of the topic."""
        if self.compacted:
            return {"cleanup.policy": "compact", "delete.retention.ms": str(7 * DAY_MS)}
        return {"cleanup.policy": "delete", "retention.ms": str(self.retention_ms)}


@cache
def load() -> tuple[Topic, ...]:
    """All topics of the platform in name order; raises ``ValueError`` naming the file that is wrong."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.yaml")))


def dead_letter_name(consumer: str, topic: str) -> str:
    return f"dlq.{consumer}.{topic}"


@cache
def dead_letter_topics() -> tuple[Topic, ...]:
    """One per consumer group and topic, kept longer than what it came from."""
    return tuple(
        Topic(
            name=dead_letter_name(consumer, topic.name),
            owner=consumer.partition(".")[0],
            kind="dead-letter",
            key=topic.key,
            producers=(consumer.partition(".")[0],),
            consumers=(),
            types=(),
            partitions=1,
            retention_ms=DEAD_LETTER_DAYS * DAY_MS,
        )
        for topic in load()
        for consumer in topic.consumers
        if consumer != "gateway"
    )


def consumed_by(group: str) -> tuple[str, ...]:
    """Names of the topics that a consumer group reads."""
    return tuple(topic.name for topic in load() if group in topic.consumers)


def unwanted_by(group: str) -> dict[str, frozenset[str]]:
    """For each topic that a group reads: the types of it that are nothing to that group."""
    return {topic.name: frozenset(topic.types) - topic.wanted[group] for topic in load() if group in topic.consumers}


def _wanted(consumers: Any, types: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """``consumers``: groups, or groups with the types that they are for, or with ``all``."""
    named = consumers if isinstance(consumers, dict) else dict.fromkeys(consumers, "all")
    return {group: frozenset(types if some == "all" else some) for group, some in named.items()}


def _read(path: Path) -> Topic:
    raw: dict[str, Any] = yaml.safe_load(path.read_text())
    try:
        days, consumers, types = raw.pop("retention_days"), raw.pop("consumers"), tuple(raw.pop("types"))
        return Topic(
            name=raw.pop("name"),
            owner=raw.pop("owner"),
            kind=raw.pop("kind"),
            key=raw.pop("key"),
            producers=tuple(raw.pop("producers")),
            consumers=tuple(consumers),
            types=types,
            partitions=int(raw.pop("partitions")),
            retention_ms=None if days == "compact" else int(days) * DAY_MS,
            wanted=_wanted(consumers, types),
        )
    except KeyError as missing:
        raise ValueError(f"{path.name}: {missing} is missing") from None
