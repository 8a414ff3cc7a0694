from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer

from contracts.gateway import ACTIVITY, PageViewed, SearchPerformed
from contracts.parse import parse
from testkit import eventually

pytestmark = pytest.mark.infra


async def published(brokers: str, visit_id: str, count: int) -> list[Any]:
    consumer = AIOKafkaConsumer(ACTIVITY, bootstrap_servers=brokers, group_id=None, auto_offset_reset="earliest")
    await consumer.start()
    found: list[Any] = []

    async def enough() -> bool:
        for records in (await consumer.getmany(timeout_ms=500)).values():
            found.extend(parse(record.headers, record.value) for record in records if record.key == visit_id.encode())
        return len(found) >= count

    try:
        await eventually(enough, timeout=20)
    finally:
        await consumer.stop()
    return found


async def test_consented_views_and_searches_of_a_visit_are_published(start: Any, neighbours: Any, brokers: str) -> None:
    neighbours.on("GET /v1/search", {"items": [], "total": 7, "facets": {}})
    client = await start(kafka_brokers=brokers)

    first = await client.ask("POST", "/v1/activity", json={"page": "product", "object_id": "prd_1", "consent": True})
    visit_id = first.json()["visit_id"]
    await client.ask("GET", "/v1/search?q=miel&lang=fr", headers={"Halles-Visit": visit_id})
    await client.ask("GET", "/v1/search?q=cuir&lang=fr")
    events = await published(brokers, visit_id, 2)

    assert first.status == 202
    by_type = {type(event.data): event.data for event in events}
    assert (by_type[PageViewed].page, by_type[PageViewed].object_id) == ("product", "prd_1")
    assert (by_type[SearchPerformed].query, by_type[SearchPerformed].hits) == ("miel", 7)
    assert len(events) == 2


async def test_without_consent_nothing_is_recorded(start: Any) -> None:
    client = await start()

    for body in ({"page": "home"}, {"page": "home", "consent": False}, {"page": "home", "consent": True, "email": "a"}):
        answer = await client.ask("POST", "/v1/activity", json=body)
        assert (answer.status, answer.json()["code"]) == (422, "invalid-request")


async def test_activity_never_waits_for_the_broker(start: Any) -> None:
    client = await start(kafka_brokers="127.0.0.1:1")

    answers = [await client.ask("POST", "/v1/activity", json={"page": "home", "consent": True}) for _ in range(20)]

    assert {answer.status for answer in answers} == {202}
