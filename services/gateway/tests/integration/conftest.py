"""Topics on the real broker, and a producer that writes events as the relay does."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from contracts.envelope import Envelope, to_headers
from contracts.event import Event
from contracts.gateway import ACTIVITY
from contracts.ids import new_event_id
from contracts.topics import load
from gateway.app import TAILED
from testkit import Servers


@pytest.fixture(scope="session")
async def brokers() -> str:
    found = Servers.from_environment().kafka
    admin = AIOKafkaAdminClient(bootstrap_servers=found)
    await admin.start()
    wanted = [topic for topic in load() if topic.name in (*TAILED, ACTIVITY)]
    await admin.create_topics([NewTopic(topic.name, topic.partitions, 1) for topic in wanted])
    await admin.close()
    return found


class Publisher:
    """Writes events with real headers."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer

    async def publish(self, event: Event, *, subject: str, sequence: int = 1) -> None:
        envelope = Envelope(
            id=new_event_id(),
            type=event.type,
            source="test",
            subject=subject,
            time=datetime.now(UTC),
            sequence=sequence,
            correlation_id="req_test",
        )
        await self._producer.send_and_wait(
            event.topic, key=subject.encode(), value=event.to_json(), headers=to_headers(envelope)
        )

    async def publish_raw(self, topic: str, value: bytes | None, headers: list[tuple[str, bytes]]) -> None:
        await self._producer.send_and_wait(topic, key=b"x", value=value, headers=headers)


@pytest.fixture
async def publisher(brokers: str) -> AsyncIterator[Publisher]:
    producer = AIOKafkaProducer(bootstrap_servers=brokers)
    await producer.start()
    yield Publisher(producer)
    await producer.stop()
