"""What sellers do, over HTTP: products, offers, prices and stock, and what is told about it."""

from typing import Any

import pytest
from services.catalog.tests.factories import Market, reserve, shop, words
from services.catalog.tests.ledger import figures, require_invariants

from catalog.consumers import commands_and_shops
from chassis.db import Database
from contracts.catalog import OfferState
from testkit import Answer, ApiClient, anonymous, buyer, deliver, emitted, operator, seller

MINE = seller("sel_alpes")


async def change(api: ApiClient, offer_id: str, **body: object) -> Answer:
    return await api.acting_as(MINE).request("PATCH", f"/v1/sellers/sel_alpes/offers/{offer_id}", json=body)


async def test_a_listed_offer_is_told_in_full(market: Market, db: Database) -> None:
    await market.open_shop()
    food = await market.category("epicerie")
    honey = await market.category("miel", parent_id=food)
    product = await market.product("sel_alpes", category_id=honey)
    variant = product["variants"][0]

    offer_id = await market.offer("sel_alpes", variant["variant_id"], price=1245, stock=5)

    [told] = await emitted(db)
    assert (told.subject, told.sequence, told.replay) == (offer_id, 1, False)
    state = told.data
    assert isinstance(state, OfferState)
    assert state.model_dump(exclude={"listed_at", "description"}) == {
        "offer_id": offer_id,
        "product_id": product["product_id"],
        "variant_id": variant["variant_id"],
        "sku": variant["sku"],
        "seller_id": "sel_alpes",
        "status": "active",
        "title": words("Miel de châtaignier"),
        "variant": words("Pot de 250 g"),
        "category_path": (food, honey),
        "image_url": "",
        "images": (),
        "price": {"amount": 1245, "currency": "EUR"},
        "available": 5,
        "condition": "new",
        "handling_days": 2,
    }
    await require_invariants(db)


async def test_each_change_is_told_with_the_next_sequence(market: Market, db: Database, api: ApiClient) -> None:
    offer_id = await market.anything_on_sale(stock=5)
    await emitted(db, clear=True)

    priced = await change(api, offer_id, price={"amount": 999, "currency": "EUR"})
    stocked = await change(api, offer_id, stock=8)
    paused = await change(api, offer_id, status="paused")

    assert [answer.status for answer in (priced, stocked, paused)] == [200, 200, 200]
    told = [(event.sequence, event.data) for event in await emitted(db)]
    assert [sequence for sequence, _ in told] == [2, 3, 4]
    states = [state for _, state in told if isinstance(state, OfferState)]
    assert [(state.price.amount, state.available, state.status) for state in states] == [
        (999, 5, "active"),
        (999, 8, "active"),
        (999, 8, "paused"),
    ]
    await require_invariants(db)


async def test_stock_cannot_fall_below_what_is_reserved(market: Market, db: Database, api: ApiClient) -> None:
    offer_id = await market.anything_on_sale(stock=5)
    await deliver(db, commands_and_shops(), [(reserve("ord_1", **{offer_id: 3}), "ord_1", 1)])

    refused = await change(api, offer_id, stock=2)
    accepted = await change(api, offer_id, stock=3)

    assert (refused.status, refused.json()["code"], refused.json()["reserved"]) == (409, "stock-below-reserved", 3)
    assert accepted.json()["available"] == 0
    assert await figures(db, offer_id) == (3, 3)
    await require_invariants(db)


async def test_one_offer_per_shop_variant_and_condition_until_it_is_closed(market: Market, api: ApiClient) -> None:
    await market.open_shop()
    product = await market.product("sel_alpes", category_id=await market.category("miel"))
    variant_id = product["variants"][0]["variant_id"]
    offer_id = await market.offer("sel_alpes", variant_id)
    body = {
        "variant_id": variant_id,
        "price": {"amount": 1, "currency": "EUR"},
        "stock": 0,
        "condition": "new",
        "handling_days": 0,
    }

    again = await api.acting_as(MINE).request("POST", "/v1/sellers/sel_alpes/offers", json=body)
    await change(api, offer_id, status="closed")
    anew = await api.acting_as(MINE).request("POST", "/v1/sellers/sel_alpes/offers", json=body)
    reopened = await change(api, offer_id, status="active")

    assert (again.status, again.json()["code"]) == (409, "offer-exists")
    assert anew.status == 201
    assert (reopened.status, reopened.json()["code"]) == (409, "offer-closed")


async def test_only_an_open_shop_lists(market: Market, api: ApiClient) -> None:
    await market.open_shop("sel_alpes", status="pending")
    category_id = await market.category("miel")
    body = {
        "title": words("Miel"),
        "description": words("Miel"),
        "category_id": category_id,
        "variants": [{"label": words("Pot")}],
    }

    pending = await api.acting_as(MINE).request("POST", "/v1/sellers/sel_alpes/products", json=body)
    unknown = await api.acting_as(seller("sel_new")).request("POST", "/v1/sellers/sel_new/products", json=body)

    assert (pending.status, pending.json()["code"]) == (409, "shop-not-open")
    assert (unknown.status, unknown.json()["code"]) == (409, "shop-not-open")


async def test_a_suspended_shop_takes_its_offers_off_sale_and_a_reopened_one_brings_them_back(
    market: Market, db: Database, api: ApiClient
) -> None:
    offer_id = await market.anything_on_sale(stock=5)
    await emitted(db, clear=True)
    suspended, reopened = shop("sel_alpes", status="suspended"), shop("sel_alpes")

    await deliver(db, commands_and_shops(), [(suspended, "sel_alpes", 2)])
    rejected = [(reserve("ord_1", **{offer_id: 1}), "ord_1", 1)]
    await deliver(db, commands_and_shops(), rejected)
    seen = await api.acting_as(anonymous()).request("GET", f"/v1/offers?ids={offer_id}")
    await deliver(db, commands_and_shops(), [(reopened, "sel_alpes", 3), (suspended, "sel_alpes", 2)])

    states = [event.data.status for event in await emitted(db) if isinstance(event.data, OfferState)]
    assert states == ["paused", "active"]
    [offer] = seen.json()["items"]
    assert (offer["status"], offer["available"]) == ("paused", 0)
    assert await figures(db, offer_id) == (5, 0)


async def test_a_closed_shop_closes_its_offers(market: Market, db: Database, api: ApiClient) -> None:
    offer_id = await market.anything_on_sale(stock=5)
    await emitted(db, clear=True)

    await deliver(db, commands_and_shops(), [(shop("sel_alpes", status="closed"), "sel_alpes", 7)])

    [told] = await emitted(db)
    assert isinstance(told.data, OfferState)
    assert (told.data.status, told.sequence) == ("closed", 2)
    product = await api.acting_as(anonymous()).request("GET", f"/v1/products/{told.data.product_id}")
    assert product.json()["variants"][0]["offers"] == []
    assert await figures(db, offer_id) == (5, 0)


async def test_what_runs_out_is_listed(market: Market, api: ApiClient) -> None:
    offer_id = await market.anything_on_sale()
    mine, path = api.acting_as(MINE), "/v1/sellers/sel_alpes/offers"

    async def low(limit: int) -> list[str]:
        answer = await mine.request("GET", f"{path}?available_at_most={limit}")
        return [item["offer_id"] for item in answer.json()["items"]]

    await mine.request("PATCH", f"{path}/{offer_id}", json={"stock": 3})
    found = [await low(2), await low(3)]
    await mine.request("PATCH", f"{path}/{offer_id}", json={"status": "paused"})

    assert found == [[], [offer_id]]
    assert await low(3) == []
    assert (await mine.request("GET", f"{path}?available_at_most=-1")).status == 422


async def test_foreign_and_unknown_ids_are_not_found(market: Market, api: ApiClient) -> None:
    offer_id = await market.anything_on_sale()
    stranger = api.acting_as(seller("sel_other"))

    answers = [
        await stranger.request("PATCH", f"/v1/sellers/sel_alpes/offers/{offer_id}", json={"stock": 1}),
        await stranger.request("PATCH", f"/v1/sellers/sel_other/offers/{offer_id}", json={"stock": 1}),
        await stranger.request("GET", "/v1/sellers/sel_alpes/offers"),
        await stranger.request("GET", "/v1/products/prd_unknown"),
    ]

    assert [(answer.status, answer.json()["code"]) for answer in answers] == [(404, "not-found")] * 4


async def test_roles(market: Market, api: ApiClient) -> None:
    body = {"slug": "miel", "name": words("Miel")}

    assert (await api.acting_as(None).request("GET", "/v1/products")).status == 401
    assert (await api.acting_as(anonymous()).request("GET", "/v1/sellers/sel_alpes/offers")).status == 401
    assert (await api.acting_as(buyer()).request("GET", "/v1/sellers/sel_alpes/offers")).status == 403
    assert (await api.acting_as(MINE).request("POST", "/v1/operator/categories", json=body)).status == 403


@pytest.mark.parametrize(
    ("pointer", "change_"),
    [
        ("/stock", {"stock": -1}),
        ("/stock", {"stock": 10**9}),
        ("/stock", {"stock": "3"}),
        ("/stock", {"stock": 1.5}),
        ("/price/amount", {"price": {"amount": 0, "currency": "EUR"}}),
        ("/price/amount", {"price": {"amount": 12.5, "currency": "EUR"}}),
        ("/price/currency", {"price": {"amount": 1, "currency": "eur"}}),
        ("/price/currency", {"price": {"amount": 1, "currency": "USD"}}),
        ("/condition", {"condition": "broken"}),
        ("/handling_days", {"handling_days": 61}),
        ("/variant_id", {"variant_id": "var_unknown"}),
        ("/variant_id", {"variant_id": "var\u0000"}),
        ("/surprise", {"surprise": 1}),
    ],
)
async def test_bad_offers_are_refused_with_the_place(
    market: Market, api: ApiClient, db: Database, pointer: str, change_: dict[str, object]
) -> None:
    await market.open_shop()
    product = await market.product("sel_alpes", category_id=await market.category("miel"))
    good = {
        "variant_id": product["variants"][0]["variant_id"],
        "price": {"amount": 100, "currency": "EUR"},
        "stock": 1,
        "condition": "new",
        "handling_days": 0,
    }

    answer = await api.acting_as(MINE).request("POST", "/v1/sellers/sel_alpes/offers", json={**good, **change_})

    assert (answer.status, answer.json()["code"]) == (422, "invalid-request")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert await emitted(db) == []


@pytest.mark.parametrize(
    ("pointer", "change_"),
    [
        ("/title/fr", {"title": {"fr": "   ", "en": "Honey"}}),
        ("/title/fr", {"title": {"fr": "Mi\u0000el", "en": "Honey"}}),
        ("/title/en", {"title": {"fr": "Miel"}}),
        ("/description/fr", {"description": {"fr": "x" * 4001, "en": "x"}}),
        ("/category_id", {"category_id": "cat_unknown"}),
        ("/image_url", {"image_url": "javascript:alert(1)"}),
        ("/variants", {"variants": []}),
        ("/variants/0/sku", {"variants": [{"sku": "no spaces", "label": words("Pot")}]}),
    ],
)
async def test_bad_products_are_refused_with_the_place(
    market: Market, api: ApiClient, pointer: str, change_: dict[str, object]
) -> None:
    await market.open_shop()
    good = {
        "title": words("Miel"),
        "description": words("Miel"),
        "category_id": await market.category("miel"),
        "variants": [{"label": words("Pot")}],
    }

    answer = await api.acting_as(MINE).request("POST", "/v1/sellers/sel_alpes/products", json={**good, **change_})

    assert (answer.status, answer.json()["code"]) == (422, "invalid-request")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b'{"stock": null}', b"{}", b'{"title": "\\ud800"}'])
async def test_bodies_that_are_no_change(market: Market, api: ApiClient, body: bytes) -> None:
    offer_id = await market.anything_on_sale()

    path = f"/v1/sellers/sel_alpes/offers/{offer_id}"
    answer = await api.acting_as(MINE).request("PATCH", path, content=body)

    assert (answer.status, answer.json()["code"]) == (422, "invalid-request")


async def test_two_variants_cannot_share_a_sku(market: Market, api: ApiClient) -> None:
    await market.open_shop()
    twice = [{"sku": "A-1", "label": words("Un")}, {"sku": "A-1", "label": words("Deux")}]
    body = {
        "title": words("Miel"),
        "description": words("Miel"),
        "category_id": await market.category("miel"),
        "variants": twice,
    }

    answer = await api.acting_as(MINE).request("POST", "/v1/sellers/sel_alpes/products", json=body)

    assert (answer.status, answer.json()["code"]) == (409, "sku-taken")


async def test_a_repeated_creation_with_a_key_gives_the_first_answer_again(market: Market, api: ApiClient) -> None:
    await market.open_shop()
    category = {"slug": "miel", "name": words("Miel"), "parent_id": None}
    by_operator, mine = api.acting_as(operator()), api.acting_as(MINE)

    async def twice(client: ApiClient, path: str, body: dict[str, object]) -> dict[str, Any]:
        keyed = {"Idempotency-Key": "made-once-" + path.rpartition("/")[2]}
        first, second = [await client.request("POST", path, json=body, headers=keyed) for _ in range(2)]
        other = await client.request("POST", path, json={**body, "position": 9}, headers=keyed)
        assert (first.status, second.status, first.body) == (201, 201, second.body), first.body
        assert second.headers["idempotent-replayed"] == "true"
        assert other.status == 422
        return dict(first.json())

    made = await twice(by_operator, "/v1/operator/categories", category)
    draft = {
        "title": words("Miel"),
        "description": words("Miel de montagne"),
        "category_id": made["category_id"],
        "variants": [{"label": words("Pot")}],
    }
    product = await twice(mine, "/v1/sellers/sel_alpes/products", draft)
    offer = {
        "variant_id": product["variants"][0]["variant_id"],
        "price": {"amount": 900, "currency": "EUR"},
        "stock": 3,
        "condition": "new",
        "handling_days": 2,
    }
    listed = await twice(mine, "/v1/sellers/sel_alpes/offers", offer)
    unkeyed = await mine.request("POST", "/v1/sellers/sel_alpes/offers", json=offer)

    page = (await mine.request("GET", "/v1/sellers/sel_alpes/offers")).json()
    assert [item["offer_id"] for item in page["items"]] == [listed["offer_id"]]
    assert page["items"][0] == listed, "what is kept has the shape of every other answer"
    assert unkeyed.status == 409
