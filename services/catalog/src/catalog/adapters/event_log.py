"""Reading state topics from their beginning, apart from the consumer groups that are at work."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from catalog.ports import SearchWriter
from chassis.broker import connection
from contracts import catalog, identity, review
from contracts.catalog import OfferState
from contracts.event import Event
from contracts.identity import SellerState
from contracts.parse import Unreadable, parse
from contracts.review import RatingState

TOPICS = (catalog.OFFER, identity.SELLER, review.RATING)
_BATCH = 1000
_WAIT_MS = 500
Told = tuple[Event, int]


class EventLog:
    """A reader's place in the state topics."""

    def __init__(self, consumer: Any, places: Sequence[TopicPartition]) -> None:
        self._consumer = consumer
        self._places = list(places)

    async def count(self) -> int:
        """How many records there are to read."""
        begins = await self._consumer.beginning_offsets(self._places)
        ends = await self._consumer.end_offsets(self._places)
        return sum(ends[place] - begins[place] for place in self._places)

    async def feed(self, writer: SearchWriter) -> int:
        """Write everything up to the present ends of the topics; returns how many records that were."""
        ends, count = await self._consumer.end_offsets(self._places), 0
        while [place for place in self._places if await self._consumer.position(place) < ends[place]]:
            fetched = await self._consumer.getmany(timeout_ms=_WAIT_MS, max_records=_BATCH)
            records = [record for batch in fetched.values() for record in batch]
            await _write(writer, [told for record in records if (told := _read(record))])
            count += len(records)
        return count


@asynccontextmanager
async def from_the_beginning(brokers: str) -> AsyncIterator[EventLog]:
    """All partitions of the state topics, each at its first record."""
    consumer = AIOKafkaConsumer(**connection(brokers), enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    try:
        places = [
            TopicPartition(topic, number)
            for topic in TOPICS
            for number in sorted(await consumer._client._wait_on_metadata(topic))
        ]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        yield EventLog(consumer, places)
    finally:
        await consumer.stop()


def _read(record: Any) -> Told | None:
    """None for what nobody can read: the consumer at work has put it among the dead letters."""
    try:
        parsed = parse(record.headers, record.value)
    except Unreadable:
        return None
    return (parsed.data, parsed.envelope.sequence) if parsed.data else None


async def _write(writer: SearchWriter, told: Sequence[Told]) -> None:
    await writer.put_offers([(event, sequence) for event, sequence in told if isinstance(event, OfferState)])
    await writer.put_shops([(event, sequence) for event, sequence in told if isinstance(event, SellerState)])
    await writer.put_ratings([(event, sequence) for event, sequence in told if isinstance(event, RatingState)])
