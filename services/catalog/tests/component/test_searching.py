"""Search over HTTP, filled by the events that selling caused."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from services.catalog.tests.factories import Market, shop, words

from catalog.adapters.index_admin import IndexAdmin
from catalog.adapters.index_schema import IndexNames
from catalog.adapters.opensearch import Engine
from catalog.app import build
from catalog.settings import Settings
from chassis.consume import Subscription
from chassis.db import Database
from contracts.review import RatingState
from runtime.run import Service
from testkit import ApiClient, anonymous, deliver, emitted, seller


@pytest_asyncio.fixture(loop_scope="session")
async def admin(settings: Settings) -> AsyncIterator[IndexAdmin]:
    engine = Engine(settings.opensearch_url, timeout_seconds=30)
    yield IndexAdmin(engine, IndexNames(settings.index_prefix))
    await engine.call("DELETE", f"{settings.index_prefix}*")
    await engine.close()


class Projection:
    """Takes what catalog told so far into the index, as its own consumer does."""

    def __init__(self, db: Database, service: Service, admin: IndexAdmin) -> None:
        self._db, self._admin = db, admin
        found = [item for item in service.subscriptions if isinstance(item, Subscription)]
        self._subscription = next(item for item in found if item.group == "catalog.search-index")

    async def catch_up(self, *more: tuple[Any, str, int]) -> None:
        told = [(event.data, event.subject, event.sequence) for event in await emitted(self._db, clear=True)]
        await deliver(self._db, self._subscription, [*told, *more])
        await self._admin.refresh()


@pytest.fixture
def projection(db: Database, service: Service, admin: IndexAdmin) -> Projection:
    return Projection(db, service, admin)


async def get(api: ApiClient, path: str) -> Any:
    answer = await api.acting_as(anonymous()).request("GET", path)
    assert answer.status == 200, answer.body
    return answer.json()


async def test_a_listed_product_is_found_with_names_rating_and_facets(
    market: Market, api: ApiClient, projection: Projection
) -> None:
    await market.open_shop("sel_alpes", name="Le Rucher des Alpes")
    await market.open_shop("sel_vosges", name="Miels des Vosges")
    food = await market.category("epicerie", name="Épicerie")
    honey = await market.category("miel", parent_id=food, name="Miel")
    product = await market.product("sel_alpes", category_id=honey, title="Miel de châtaignier")
    variant_id = product["variants"][0]["variant_id"]
    await market.offer("sel_alpes", variant_id, price=1300, stock=0)
    await market.offer("sel_vosges", variant_id, price=1250, stock=2)
    rated = RatingState(subject_id=product["product_id"], kind="product", count=2, total=9)
    await projection.catch_up((rated, product["product_id"], 1))

    found = await get(api, "/v1/search?q=miele%20de%20chataigne&category=epicerie")

    assert found["total"] == 1
    assert found["items"] == [
        {
            "product_id": product["product_id"],
            "title": words("Miel de châtaignier"),
            "image_url": None,
            "images": [],
            "price_from": {"amount": 1250, "currency": "EUR"},
            "offer_count": 2,
            "sellers": [
                {"seller_id": "sel_vosges", "name": "Miels des Vosges"},
                {"seller_id": "sel_alpes", "name": "Le Rucher des Alpes"},
            ],
            "rating": {"count": 2, "average_hundredths": 450},
            "available": True,
        }
    ]
    category = found["facets"]["category"]
    assert [(value["slug"], value["parent"], value["count"], value["label"]["fr"]) for value in category] == [
        ("epicerie", None, 1, "Épicerie"),
        ("miel", food, 1, "Miel"),
    ]
    assert {value["value"]: value["label"]["fr"] for value in found["facets"]["seller"]} == {
        "sel_alpes": "Le Rucher des Alpes",
        "sel_vosges": "Miels des Vosges",
    }
    assert found["facets"]["price"] == [{"value": "1000-2499", "count": 1, "label": None, "slug": None, "parent": None}]


async def test_price_and_sellers_are_of_the_offers_that_pass_the_filters(
    market: Market, api: ApiClient, projection: Projection
) -> None:
    await market.open_shop("sel_alpes")
    await market.open_shop("sel_vosges")
    product = await market.product("sel_alpes", category_id=await market.category("miel"))
    variant_id = product["variants"][0]["variant_id"]
    await market.offer("sel_alpes", variant_id, price=1300, stock=3)
    await market.offer("sel_vosges", variant_id, price=900, stock=0)
    await projection.catch_up()

    [everything] = (await get(api, "/v1/search"))["items"]
    [in_stock] = (await get(api, "/v1/search?in_stock=true"))["items"]
    [of_shop] = (await get(api, "/v1/search?seller=sel_vosges&max_price=900"))["items"]
    none = await get(api, "/v1/search?seller=sel_vosges&in_stock=true")

    assert (everything["price_from"]["amount"], everything["offer_count"]) == (900, 2)
    assert (in_stock["price_from"]["amount"], in_stock["offer_count"]) == (1300, 1)
    assert (of_shop["price_from"]["amount"], of_shop["available"]) == (900, False)
    assert none["total"] == 0


async def test_suggestions_of_products_categories_and_shops(
    market: Market, api: ApiClient, projection: Projection
) -> None:
    await market.open_shop("sel_miel", name="Miellerie du Lac")
    honey = await market.category("miel", name="Miels et confitures")
    product = await market.product("sel_miel", category_id=honey, title="Miel de tilleul")
    await market.offer("sel_miel", product["variants"][0]["variant_id"])
    await projection.catch_up((shop("sel_miel", name="Miellerie du Lac"), "sel_miel", 1))

    found = await get(api, "/v1/suggestions?q=mie")

    assert found == {
        "products": [{"product_id": product["product_id"], "title": words("Miel de tilleul")}],
        "categories": [{"category_id": honey, "slug": "miel", "name": words("Miels et confitures")}],
        "shops": [{"seller_id": "sel_miel", "handle": "sel-miel", "name": "Miellerie du Lac"}],
    }


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("page=500&limit=100", "?page"),
        ("min_price=200&max_price=100", "?max_price"),
        ("min_price=-1", "?min_price"),
        ("min_rating=6", "?min_rating"),
        ("sort=magic", "?sort"),
        ("lang=de", "?lang"),
        ("q=" + "x" * 201, "?q"),
    ],
)
async def test_bad_queries_are_problems(api: ApiClient, query: str, pointer: str) -> None:
    answer = await api.acting_as(anonymous()).request("GET", f"/v1/search?{query}")

    assert (answer.status, answer.json()["code"]) == (422, "invalid-request")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_odd_words_find_nothing_and_break_nothing(market: Market, api: ApiClient, projection: Projection) -> None:
    await market.anything_on_sale()
    await projection.catch_up()

    for typed in ("%00", "%22%5B%7D", "*:*", "%F0%9F%8D%AF", "AND%20OR", "%20", "\\"):
        await get(api, f"/v1/search?q={typed}")


async def test_without_an_engine_search_says_so_and_selling_goes_on(
    db: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.app.Database", lambda *_, **__: db)
    nobody_there = settings.model_copy(update={"opensearch_url": "http://127.0.0.1:9"})
    service = build(nobody_there)
    api = ApiClient(service.api, anonymous())

    search = await api.request("GET", "/v1/search?q=miel")
    suggestions = await api.request("GET", "/v1/suggestions?q=miel")
    offer_id = await Market(db, api).anything_on_sale()

    assert (search.status, search.json()["code"], search.headers["retry-after"]) == (503, "search-unavailable", "2")
    assert (suggestions.status, suggestions.json()["code"]) == (503, "search-unavailable")
    own = await api.acting_as(seller("sel_alpes")).request("GET", "/v1/sellers/sel_alpes/offers")
    assert [offer["offer_id"] for offer in own.json()["items"]] == [offer_id]
    for resource in service.resources:
        await resource.close()


async def test_without_an_index_search_says_so(api: ApiClient) -> None:
    answer = await api.acting_as(anonymous()).request("GET", "/v1/search?q=miel")

    assert (answer.status, answer.json()["code"]) == (503, "search-unavailable")
