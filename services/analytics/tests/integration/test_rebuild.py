"""A rebuild from Kafka gives what was there, while nothing stands still."""

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from figures_kit import journey

from analytics import rebuild
from analytics.consumers import rebuilding_subscription, subscription
from chassis.consume import Consumer, Subscription
from chassis.db import Database
from contracts.gateway import PageViewed
from contracts.order import OrderConfirmed
from testkit import Servers, Tape
from testkit.databases import owner_address_of

pytestmark = pytest.mark.infra


async def digest(db: Database) -> list[object]:
    tables = ("event_log", "sale_lines", "settlements", "seller_names", "page_views", "searches")
    async with db.reading() as tx:
        return [await tx.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]  # noqa: S608


async def test_rebuilt_figures_equal_the_live_ones(db: Database) -> None:
    tape, brokers = Tape(), Servers.from_environment().kafka
    unique = f"rebuild-{id(tape)}"
    topic = f"analytics.{unique}.v1"
    records = [tape.record(*told) for told in journey()]
    live = subscription("Europe/Paris").handlers[OrderConfirmed.topic]
    reading = Subscription(group="analytics", handlers={topic: live}, replays=True)
    await publish(brokers, topic, records)
    renamed = [
        type(record)(topic, *[getattr(record, n) for n in ("partition", "offset", "key", "value", "headers")])
        for record in records
    ]
    await Consumer(db, reading).process(renamed)
    before = await digest(db)
    async with db.hot_transaction() as tx:
        await tx.execute("UPDATE sale_lines SET amount = 1")

    owner = Database(owner_address_of("analytics"), name="rebuild")
    await owner.open()
    project = rebuilding_subscription("Europe/Paris").handlers[PageViewed.topic]
    await rebuild.run(owner, Subscription(group="analytics", handlers={topic: project}, replays=True), brokers)
    await owner.close()

    assert await digest(db) == before
    await Consumer(db, reading).process(renamed)
    assert await digest(db) == before


async def publish(brokers: str, topic: str, records: list) -> None:  # type: ignore[type-arg]
    admin = AIOKafkaAdminClient(bootstrap_servers=brokers)
    await admin.start()
    await admin.create_topics([NewTopic(topic, 2, 1)])
    await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=brokers)
    await producer.start()
    for record in records:
        await producer.send_and_wait(topic, record.value, key=record.key, headers=list(record.headers))
    await producer.stop()
