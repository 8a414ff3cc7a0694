"""The log as it is: every record of some topics, duplicates, and records of our own making."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from contracts.parse import Unreadable, parse
from halles_local.stack import Stack
from runtime.inspect import places_of


async def records(stack: Stack, topics: Sequence[str]) -> list[Any]:
    """Every record of these topics, in log order per partition."""
    return await records_at(stack.ports.address("kafka"), topics)


async def records_at(brokers: str, topics: Sequence[str]) -> list[Any]:
    consumer = AIOKafkaConsumer(bootstrap_servers=brokers, auto_offset_reset="earliest")
    await consumer.start()
    found: list[Any] = []
    try:
        places = await places_of(brokers, topics)
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        while any([await consumer.position(place) < ends[place] for place in places]):
            for batch in (await consumer.getmany(timeout_ms=300)).values():
                found += batch
    finally:
        await consumer.stop()
    return found


async def duplicates(stack: Stack, topics: Sequence[str]) -> int:
    """Records beyond the first of their event id."""
    ids = Counter(dict(record.headers).get("ce_id") for record in await records(stack, topics))
    return sum(number - 1 for number in ids.values())


async def produce(stack: Stack, wanted: Sequence[tuple[str, bytes | None, bytes | None, list[tuple[str, Any]]]]) -> int:
    """Write records (topic, key, value, headers) as anybody with access could; returns how many the broker took."""
    producer = AIOKafkaProducer(bootstrap_servers=stack.ports.address("kafka"), max_request_size=8_000_000)
    await producer.start()
    try:
        for topic, key, value, headers in wanted:
            await producer.send_and_wait(topic, value, key=key, headers=headers)
    finally:
        await producer.stop()
    return len(wanted)


async def places_and_ends(stack: Stack, topics: Sequence[str]) -> dict[Any, int]:
    """Where each partition of these topics ends."""
    brokers = stack.ports.address("kafka")
    consumer = AIOKafkaConsumer(bootstrap_servers=brokers)
    await consumer.start()
    try:
        return dict(await consumer.end_offsets(await places_of(brokers, topics)))
    finally:
        await consumer.stop()


async def events(brokers: str, topics: Sequence[str]) -> dict[str, str]:
    """Topic by id of every event that a consumer must have handled: readable, of a known type, no repetition of a state."""
    found = {}
    for record in await records_at(brokers, topics):
        try:
            parsed = parse(record.headers, record.value)
        except Unreadable:
            continue
        if parsed.data is not None and not parsed.envelope.replay:
            found[str(parsed.envelope.id)] = record.topic
    return found
