"""How far consumers are behind and how many records were set aside, as the broker counts them."""

from collections.abc import Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from analytics.ports import GroupFigures
from chassis.broker import connection
from contracts.topics import consumed_by, dead_letter_name, dead_letter_topics, load

_REQUEST_MS = 4_000


async def consumer_figures(brokers: str) -> list[GroupFigures]:
    """All consumer groups of the topic files; raises ``ConnectionError`` when the broker does not answer."""
    try:
        return await _ask(brokers)
    except (KafkaError, OSError) as error:
        raise ConnectionError("the broker does not answer") from error


async def _ask(brokers: str) -> list[GroupFigures]:
    groups = sorted({group for topic in load() for group in topic.consumers if group != "gateway"})
    admin = AIOKafkaAdminClient(**connection(brokers), request_timeout_ms=_REQUEST_MS)
    consumer = AIOKafkaConsumer(**connection(brokers), enable_auto_commit=False, request_timeout_ms=_REQUEST_MS)
    try:
        await admin.start()
        await consumer.start()
        known = {group for group, _ in await admin.list_consumer_groups()}
        committed = {group: await admin.list_consumer_group_offsets(group) for group in groups if group in known}
        there = await consumer.topics()
        set_aside = {TopicPartition(topic.name, 0) for topic in dead_letter_topics() if topic.name in there}
        places = {place for offsets in committed.values() for place in offsets} | set_aside
        consumer.assign(sorted(places))  # has the client learn where these partitions are
        ends, begins = await consumer.end_offsets(places), await consumer.beginning_offsets(set_aside)
    finally:
        await consumer.stop()
        await admin.close()
    kept = {place.topic: ends[place] - begins[place] for place in set_aside}
    return [_figures(group, committed.get(group, {}), ends, kept) for group in groups]


def _figures(
    group: str, committed: Mapping[TopicPartition, object], ends: Mapping[TopicPartition, int], kept: Mapping[str, int]
) -> GroupFigures:
    lag = sum(max(0, ends[place] - getattr(offset, "offset", 0)) for place, offset in committed.items())
    return GroupFigures(group, lag, sum(kept.get(dead_letter_name(group, topic), 0) for topic in consumed_by(group)))
