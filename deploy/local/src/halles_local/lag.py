"""How far consumers are behind, per consumer group."""

import asyncio
from collections import defaultdict

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from chassis.broker import connection
from halles_local import kafka_access
from halles_local.secret_files import Secrets
from halles_local.stack import Stack


def by_group(stack: Stack) -> dict[str, int]:
    """Return the number of unread messages per consumer group; empty when Kafka does not answer."""
    try:
        return asyncio.run(_by_group(kafka_access.brokers(stack, Secrets(stack))))
    except (OSError, KafkaError):
        return {}


async def _by_group(brokers: str) -> dict[str, int]:
    admin = AIOKafkaAdminClient(**connection(brokers), request_timeout_ms=5000)
    consumer = AIOKafkaConsumer(**connection(brokers), enable_auto_commit=False)
    try:
        await admin.start()
        await consumer.start()
        groups = [group for group, _ in await admin.list_consumer_groups()]
        committed = dict(
            zip(groups, await asyncio.gather(*map(admin.list_consumer_group_offsets, groups)), strict=True)
        )
        partitions: set[TopicPartition] = {place for offsets in committed.values() for place in offsets}
        ends = await consumer.end_offsets(partitions) if partitions else {}
    finally:
        await consumer.stop()
        await admin.close()
    lags: dict[str, int] = defaultdict(int)
    for group, offsets in committed.items():
        lags[group] += sum(max(0, ends[place] - offset.offset) for place, offset in offsets.items())
    return dict(lags)


def of_process(name: str, lags: dict[str, int]) -> int | None:
    """Return the lag of all groups of a service (`catalog`, `catalog.search-index`); None when it consumes nothing."""
    own = [lag for group, lag in lags.items() if group == name or group.startswith(f"{name}.")]
    return sum(own) if own else None
