from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.catalog import OFFER, OfferState
from contracts.ids import new_id
from contracts.review import RatingState
from contracts.values import LocalText, Money
from testkit import eventually

pytestmark = pytest.mark.infra
TEXT = LocalText(fr="Miel", en="Honey")


def offer(product_id: str) -> OfferState:
    return OfferState(
        offer_id=new_id("off"),
        product_id=product_id,
        variant_id="var_1",
        sku="s",
        seller_id="sel_1",
        status="active",
        title=TEXT,
        description=TEXT,
        variant=TEXT,
        category_path=("cat_1",),
        image_url="",
        price=Money(amount=100, currency="EUR"),
        available=3,
        condition="new",
        handling_days=1,
        listed_at=datetime.now(UTC),
    )


def show(neighbours: Any, product_id: str, title: str) -> None:
    neighbours.on(f"GET /v1/products/{product_id}", {"product_id": product_id, "title": title, "variants": []})
    neighbours.on(f"GET /v1/products/{product_id}/reviews", {"items": [], "rating": None})


async def ready(client: Any, path: str) -> None:
    """Until the tail reads and the cache is used: a second answer has the headers of a finished one."""

    async def cached() -> bool:
        await client.ask("GET", path)
        answer = await client.ask("GET", path)
        return "etag" in answer.headers

    await eventually(cached, timeout=20)


async def test_product_is_served_from_memory_until_an_event_changes_it(
    start: Any, neighbours: Any, brokers: str, publisher: Any
) -> None:
    product_id = new_id("prd")
    path = f"/v1/products/{product_id}"
    show(neighbours, product_id, "before")
    client = await start(kafka_brokers=brokers)
    await ready(client, path)
    asked = len(neighbours.asked)

    first = await client.ask("GET", path)
    same = await client.ask("GET", path, headers={"If-None-Match": first.headers["etag"]})
    show(neighbours, product_id, "after")

    assert len(neighbours.asked) == asked
    assert first.json()["title"] == "before"
    assert first.headers["cache-control"].startswith("public, max-age=30")
    assert (same.status, same.body) == (304, b"")

    await publisher.publish(offer(product_id), subject="off_1")

    async def fresh() -> bool:
        answer = await client.ask("GET", path)
        return bool(answer.json()["title"] == "after")

    await eventually(fresh)


async def test_events_of_others_leave_an_answer_alone(
    start: Any, neighbours: Any, brokers: str, publisher: Any
) -> None:
    product_id, other = new_id("prd"), new_id("prd")
    for one in (product_id, other):
        show(neighbours, one, "before")
    client = await start(kafka_brokers=brokers)
    await ready(client, f"/v1/products/{product_id}")
    await ready(client, f"/v1/products/{other}")
    for one in (product_id, other):
        show(neighbours, one, "after")

    await publisher.publish(RatingState(subject_id=other, kind="product", count=1, total=5), subject=other)

    async def other_is_fresh() -> bool:
        return bool((await client.ask("GET", f"/v1/products/{other}")).json()["title"] == "after")

    await eventually(other_is_fresh)
    assert (await client.ask("GET", f"/v1/products/{product_id}")).json()["title"] == "before"


async def test_unreadable_record_empties_the_cache(start: Any, neighbours: Any, brokers: str, publisher: Any) -> None:
    product_id = new_id("prd")
    show(neighbours, product_id, "before")
    client = await start(kafka_brokers=brokers)
    await ready(client, f"/v1/products/{product_id}")
    show(neighbours, product_id, "after")

    await publisher.publish_raw(OFFER, b"{", [("ce_specversion", b"\xff")])

    async def fresh() -> bool:
        return bool((await client.ask("GET", f"/v1/products/{product_id}")).json()["title"] == "after")

    await eventually(fresh)


async def test_without_events_nothing_is_cached(start: Any, neighbours: Any) -> None:
    show(neighbours, "prd_1", "before")
    client = await start(kafka_brokers="127.0.0.1:1")
    await client.ask("GET", "/v1/products/prd_1")
    show(neighbours, "prd_1", "after")

    answer = await client.ask("GET", "/v1/products/prd_1")

    assert answer.json()["title"] == "after"
    assert answer.headers["cache-control"] == "private, no-store"
