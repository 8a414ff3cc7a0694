"""A new index from the log, on the real broker and engine, while the old one keeps answering."""

import asyncio

import pytest_asyncio
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from services.catalog.tests.factories import Market, offer_state
from services.catalog.tests.integration.conftest import Index

from catalog.adapters.event_log import TOPICS
from catalog.adapters.index_rebuild import rebuild_index
from catalog.domain.search import SearchQuery
from catalog.settings import Settings
from chassis.db import Database
from chassis.relay import Relay
from contracts.catalog import OfferState
from contracts.topics import load
from runtime.run import Service
from testkit import emitted


@pytest_asyncio.fixture(loop_scope="session")
async def brokers(settings: Settings) -> str:
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka_brokers)
    await admin.start()
    await admin.create_topics([NewTopic(topic.name, 3, 1) for topic in load() if topic.name in TOPICS])
    await admin.close()
    return settings.kafka_brokers


async def publish(db: Database, brokers: str) -> None:
    """What the relay does with what catalog told."""
    relay = Relay(db, service="catalog", brokers=brokers)
    while await relay.run_once():
        pass
    await relay.close()


async def finds(index: Index, title: str) -> bool:
    return (await index.reader.search(SearchQuery(text=title))).total > 0


async def test_a_rebuilt_index_has_everything_and_nobody_sees_a_gap(
    market: Market, db: Database, index: Index, brokers: str
) -> None:
    offer_id = await market.anything_on_sale()
    states = [(event.data, event.sequence) for event in await emitted(db) if isinstance(event.data, OfferState)]
    [(listed, _)] = states
    await publish(db, brokers)
    await index.writer.put_offers(states)
    lost = offer_state("off_kept", "prd_kept", fr="Gardien unique")
    await index.writer.put_offers([(lost, 1)])
    await index.admin.refresh()
    engine, names = index.engine, index.names
    await engine.call("DELETE", f"{names.products}/_doc/{listed.product_id}")

    rebuilding = asyncio.create_task(rebuild_index(engine, names, brokers=brokers))
    asked = 0
    while not rebuilding.done():
        await index.reader.search(SearchQuery(text="gardien"))
        asked += 1
    version = await rebuilding

    assert await finds(index, listed.title.fr), "it is found from the moment of the switch"
    await index.admin.refresh()
    assert version == 2
    assert asked > 0
    document = await engine.call("GET", f"{names.products}/_doc/{listed.product_id}")
    assert document["_index"] == f"{names.products}-v2"
    assert [offer["offer_id"] for offer in document["_source"]["offers"]] == [offer_id]
    assert not await engine.exists(f"{names.products}-v1,{names.shops}-v1")
    assert not await finds(index, "gardien unique")


async def test_what_arrives_during_a_rebuild_is_in_the_new_index(
    market: Market, db: Database, index: Index, brokers: str
) -> None:
    await index.admin.ensure()
    offer_ids = [await market.anything_on_sale()]
    await publish(db, brokers)

    rebuilding = asyncio.create_task(rebuild_index(index.engine, index.names, brokers=brokers))
    while not rebuilding.done():
        offer_ids.append(await market.anything_on_sale())
        told = [(event.data, event.sequence) for event in await emitted(db) if isinstance(event.data, OfferState)]
        await publish(db, brokers)
        await index.writer.put_offers(told)
    await rebuilding
    await index.admin.refresh()

    indexed = [await _is_indexed(db, index, offer_id) for offer_id in offer_ids]
    assert indexed == [True] * len(offer_ids)


async def _is_indexed(db: Database, index: Index, offer_id: str) -> bool:
    async with db.reading() as tx:
        row = await tx.row("SELECT product_id FROM offers WHERE offer_id = %s", (offer_id,))
    assert row is not None
    return await index.engine.exists(f"{index.names.products}/_doc/{row['product_id']}")


async def test_republish_repeats_every_state_with_its_sequence(market: Market, db: Database, service: Service) -> None:
    offer_id = await market.anything_on_sale()
    first = await emitted(db, clear=True)

    await service.commands["republish"](service, ["--dry-run"])
    assert await emitted(db) == []
    await service.commands["republish"](service, [])

    [again] = await emitted(db)
    assert (again.subject, again.sequence, again.replay) == (offer_id, 1, True)
    assert again.data == first[-1].data
