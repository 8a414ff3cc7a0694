"""Figures from events, whatever the order and number of deliveries."""

import random

import pytest
from figures_kit import journey

from analytics.consumers import subscription
from chassis.db import Database
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
