"""How far consumer groups are behind, as the broker counts it: messages, and the age of the oldest unread one."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError

from chassis.broker import connection
from runtime.inspect import places_of

_WAIT_MS = 500
_TRIES = 10


@dataclass(frozen=True, slots=True)
class Behind:
    """``seconds`` is the age of the oldest message that the group has not finished; None when none waits."""

    group: str
    topic: str
    messages: int
    seconds: float | None


async def behind(brokers: str, groups: Mapping[str, Iterable[str]]) -> list[Behind]:
    """One entry for each group and topic; raises ``KafkaError`` when the broker does not answer."""
    admin = AIOKafkaAdminClient(**connection(brokers))
    consumer = AIOKafkaConsumer(**connection(brokers), enable_auto_commit=False, auto_offset_reset="none")
    try:
        await admin.start()
        await consumer.start()
        wanted = {topic for topics in groups.values() for topic in topics}
        places = await places_of(brokers, sorted(wanted & await consumer.topics()))
        return [
            await _of_topic(admin, consumer, group, [place for place in places if place.topic == topic])
            for group, topics in groups.items()
            for topic in sorted({place.topic for place in places} & set(topics))
        ]
    finally:
        await consumer.stop()
        await admin.close()


async def _of_topic(
    admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer, group: str, places: list[TopicPartition]
) -> Behind:
    consumer.assign(places)
    ends, begins = await asyncio.gather(consumer.end_offsets(places), consumer.beginning_offsets(places))
    committed = await _committed(admin, group, places)
    next_ones = {place: _next(committed, place, begins[place]) for place in places}
    unread = {place: at for place, at in next_ones.items() if at < ends[place]}
    messages = sum(ends[place] - at for place, at in unread.items())
    return Behind(group, places[0].topic, messages, await _oldest(consumer, unread))


async def _committed(
    admin: AIOKafkaAdminClient, group: str, places: list[TopicPartition]
) -> Mapping[TopicPartition, object]:
    """A broker that just started makes its book of groups when it is first asked for one, and asks to come again."""
    for _ in range(_TRIES):
        try:
            found: Mapping[TopicPartition, object] = await admin.list_consumer_group_offsets(group, partitions=places)
            return found
        except GroupCoordinatorNotAvailableError:
            await asyncio.sleep(_WAIT_MS / 1000)
    raise GroupCoordinatorNotAvailableError(f"no coordinator for {group} yet")


def _next(committed: Mapping[TopicPartition, object], place: TopicPartition, beginning: int) -> int:
    """A group that never committed begins at the beginning."""
    offset = int(getattr(committed.get(place), "offset", -1))
    return max(offset, beginning)


async def _oldest(consumer: AIOKafkaConsumer, unread: Mapping[TopicPartition, int]) -> float | None:
    if not unread:
        return None
    consumer.assign(list(unread))
    for place, offset in unread.items():
        consumer.seek(place, offset)
    moments: dict[TopicPartition, float] = {}
    for _ in range(_TRIES):
        for place, records in (await consumer.getmany(timeout_ms=_WAIT_MS)).items():
            moments.setdefault(place, records[0].timestamp / 1000)
        if len(moments) == len(unread):
            break
    return round(time.time() - min(moments.values()), 1) if moments else None
