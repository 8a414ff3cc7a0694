"""Figures from events, whatever the order and number of deliveries."""

import random
from datetime import UTC, datetime

import pytest
from figures_kit import journey

from analytics.consumers import subscription
from analytics.repository import forget_visits
from chassis.db import Database
from contracts.gateway import PageViewed, SearchPerformed
from contracts.identity import SellerState
from contracts.values import LocalText
from testkit import ApiClient, buyer, deliver, operator, seller

pytestmark = pytest.mark.infra
SUBSCRIPTION = subscription("Europe/Paris")


@pytest.mark.parametrize("seed", range(6))
async def test_any_order_of_delivery_gives_the_same_figures(db: Database, api: ApiClient, seed: int) -> None:
    told = journey()
    random.Random(seed).shuffle(told)

    await deliver(db, SUBSCRIPTION, told, one_by_one=bool(seed % 2))

    report = (await api.acting_as(operator()).request("GET", "/v1/operator/sales?group_by=seller")).json()
    assert [(row["key"], row["gross"]["amount"], row["net"]["amount"]) for row in report["items"]] == [
        ("sel_a", 2490, 2241),
        ("sel_b", 2750, 2475),
    ]
    total = report["totals"][0]
    assert (total["orders"], total["units"], total["gross"]["amount"], total["commission"]["amount"]) == (
        1,
        3,
        5240,
        524,
    )
    async with db.reading() as tx:
        statuses = await tx.rows("SELECT DISTINCT status FROM settlements")
    assert [row["status"] for row in statuses] == ["transferred"]


async def test_a_seller_sees_the_own_shop_alone(db: Database, api: ApiClient) -> None:
    await deliver(db, SUBSCRIPTION, journey())
    mine = api.acting_as(seller("sel_a"))

    own = (await mine.request("GET", "/v1/sellers/sel_a/sales")).json()
    foreign = await mine.request("GET", "/v1/sellers/sel_b/sales")

    assert own["totals"][0]["gross"]["amount"] == 2490
    assert foreign.status == 404
    assert (await api.acting_as(buyer()).request("GET", "/v1/operator/sales")).status == 403


async def test_a_trace_is_found_by_request_and_by_aggregate(db: Database, api: ApiClient) -> None:
    await deliver(db, SUBSCRIPTION, journey())
    reader = api.acting_as(operator())

    by_request = (await reader.request("GET", "/v1/operator/traces/req_test")).json()["events"]
    by_order = (await reader.request("GET", "/v1/operator/traces/ord_1")).json()["events"]

    assert len(by_request) == 7
    assert [event["type"] for event in by_order] == ["order.order-confirmed.v1"]


async def test_an_older_shop_name_never_replaces_a_newer(db: Database) -> None:
    def state(name: str) -> SellerState:
        text = LocalText(fr="", en="")
        place = {"town": "Annecy", "postal_code": "74000", "country": "fr", "latitude": 45899000, "longitude": 6129000}
        return SellerState(seller_id="sel_a", handle="a", name=name, description=text, status="open", **place)

    await deliver(db, SUBSCRIPTION, [(state("new"), "sel_a", 2), (state("old"), "sel_a", 1)])

    async with db.reading() as tx:
        assert [row["name"] for row in await tx.rows("SELECT name FROM seller_names")] == ["new"]


@pytest.mark.parametrize(
    "query", ["from=2026-01-02&to=2026-01-01", "from=2020-01-01&to=2026-01-01", "from=soon", "group_by=x"]
)
async def test_a_wrong_period_is_explained(api: ApiClient, query: str) -> None:
    answer = await api.acting_as(operator()).request("GET", f"/v1/operator/sales?{query}")

    assert answer.status == 422
    assert answer.json()["errors"]


async def test_audience_counts_each_visit_once_a_day_and_buyers_by_their_orders(db: Database, api: ApiClient) -> None:
    at = datetime.now(UTC)
    views = [
        (PageViewed(visit_id=visit, page=page, at=at), visit, n)
        for n, (visit, page) in enumerate(
            [("vis_a", "home"), ("vis_a", "product"), ("vis_a", "product"), ("vis_b", "home")]
        )
    ]
    search = SearchPerformed(visit_id="vis_a", query="Mirabelle", locale="fr", hits=0, at=at)
    told = [*views, (search, "vis_a", 9), *journey()]
    await deliver(db, SUBSCRIPTION, told, one_by_one=True)

    report = (await api.acting_as(operator()).request("GET", "/v1/operator/audience")).json()
    today = next(day for day in report["items"] if day["visits"])

    assert {name: today[name] for name in ("visits", "orders", "buyers", "new_buyers", "searches", "without_hits")} == {
        "visits": 2,
        "orders": 1,
        "buyers": 1,
        "new_buyers": 1,
        "searches": 1,
        "without_hits": 1,
    }
    assert report["pages"] == [{"page": "home", "visits": 2}, {"page": "product", "visits": 1}]
    assert report["unanswered"] == [{"query": "mirabelle", "searches": 1}]
    assert len(report["items"]) == 31
    assert (await api.acting_as(seller("sel_a")).request("GET", "/v1/operator/audience")).status == 403
    async with db.hot_transaction() as tx:
        assert await forget_visits(tx, before=at.date()) == 0


async def test_operators_see_how_far_each_consumer_is(api: ApiClient) -> None:
    figures = (await api.acting_as(operator()).request("GET", "/v1/operator/pipeline")).json()["consumers"]

    assert {"analytics", "catalog", "order", "payment"} <= {one["group"] for one in figures}
    assert all(one["lag"] >= 0 and one["dead_letters"] >= 0 for one in figures)
    assert (await api.acting_as(buyer()).request("GET", "/v1/operator/pipeline")).status == 403
