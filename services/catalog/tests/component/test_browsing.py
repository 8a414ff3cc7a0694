"""What everybody reads: the tree, lists, products, offers."""

from typing import Any

from services.catalog.tests.factories import Market, words

from chassis.db import Database
from contracts.catalog import OfferState
from testkit import Answer, ApiClient, anonymous, emitted, operator, seller


async def get(api: ApiClient, path: str) -> Any:
    answer = await api.acting_as(anonymous()).request("GET", path)
    assert answer.status == 200, answer.body
    return answer.json()


async def move(api: ApiClient, category_id: str, **body: object) -> Answer:
    return await api.acting_as(operator()).request("PATCH", f"/v1/operator/categories/{category_id}", json=body)


async def offered(market: Market, category_id: str, *, seller_id: str = "sel_alpes", title: str = "Miel") -> str:
    product = await market.product(seller_id, category_id=category_id, title=title)
    await market.offer(seller_id, product["variants"][0]["variant_id"])
    return str(product["product_id"])


async def test_the_tree_comes_parents_first(market: Market, api: ApiClient) -> None:
    food = await market.category("epicerie", name="Épicerie")
    honey = await market.category("miel", parent_id=food, name="Miel")

    items = (await get(api, "/v1/categories"))["items"]

    assert items[0] == {
        "category_id": food,
        "parent_id": None,
        "slug": "epicerie",
        "name": words("Épicerie"),
        "position": 0,
    }
    assert (items[1]["category_id"], items[1]["parent_id"]) == (honey, food)


async def test_the_tree_refuses_cycles_taken_slugs_and_strangers(market: Market, api: ApiClient) -> None:
    food = await market.category("epicerie")
    honey = await market.category("miel", parent_id=food)

    cycle = await move(api, food, parent_id=honey)
    itself = await move(api, food, parent_id=food)
    taken = await move(api, honey, slug="epicerie")
    unknown_parent = await move(api, honey, parent_id="cat_unknown")
    unknown = await move(api, "cat_unknown", position=1)
    empty = await move(api, honey)

    assert [(cycle.status, cycle.json()["code"]), (itself.status, itself.json()["code"])] == [
        (409, "category-cycle")
    ] * 2
    assert (taken.status, taken.json()["code"]) == (409, "slug-taken")
    assert (unknown_parent.status, unknown_parent.json()["errors"][0]["pointer"]) == (422, "/parent_id")
    assert unknown.status == 404
    assert empty.status == 422


async def test_a_moved_branch_takes_products_along_and_tells_their_offers(
    market: Market, api: ApiClient, db: Database
) -> None:
    await market.open_shop()
    food, gifts = await market.category("epicerie"), await market.category("cadeaux")
    honey = await market.category("miel", parent_id=food)
    product_id = await offered(market, honey)
    await emitted(db, clear=True)

    answer = await move(api, honey, parent_id=gifts)

    assert answer.json()["parent_id"] == gifts
    [told] = await emitted(db)
    assert isinstance(told.data, OfferState)
    assert (told.data.category_path, told.sequence) == ((gifts, honey), 2)
    assert [card["product_id"] for card in (await get(api, "/v1/products?category=cadeaux"))["items"]] == [product_id]
    assert (await get(api, "/v1/products?category=epicerie"))["items"] == []


async def test_lists_go_on_by_cursor_newest_first_without_gaps(market: Market, api: ApiClient) -> None:
    await market.open_shop()
    category_id = await market.category("miel")
    made = [await offered(market, category_id, title=f"Miel {n}") for n in range(5)]

    seen, path = [], "/v1/products?limit=2"
    page = await get(api, path)
    while True:
        seen += [card["product_id"] for card in page["items"]]
        if page["next"] is None:
            break
        page = await get(api, f"{path}&cursor={page['next']}")

    assert seen == made[::-1]


async def test_lists_filter_by_category_and_shop_and_hide_what_nobody_sells(market: Market, api: ApiClient) -> None:
    await market.open_shop("sel_alpes")
    await market.open_shop("sel_vosges")
    honey, soap = await market.category("miel"), await market.category("savon")
    mine, theirs = await offered(market, honey), await offered(market, honey, seller_id="sel_vosges")
    my_soap = await offered(market, soap)
    await market.product("sel_alpes", category_id=honey, title="Sans offre")

    async def ids(query: str) -> list[str]:
        return [card["product_id"] for card in (await get(api, f"/v1/products?{query}"))["items"]]

    assert await ids("") == [my_soap, theirs, mine]
    assert await ids("category=miel") == [theirs, mine]
    assert await ids("seller=sel_alpes") == [my_soap, mine]
    assert await ids("seller=sel_alpes&category=miel") == [mine]
    assert await ids("category=unknown") == []


async def test_a_card_sums_up_active_offers(market: Market, api: ApiClient) -> None:
    await market.open_shop("sel_alpes")
    await market.open_shop("sel_vosges")
    product = await market.product("sel_alpes", category_id=await market.category("miel"))
    variant_id = product["variants"][0]["variant_id"]
    await market.offer("sel_alpes", variant_id, price=1300, stock=0)
    await market.offer("sel_vosges", variant_id, price=1200, stock=2)

    [card] = (await get(api, "/v1/products"))["items"]
    [of_shop] = (await get(api, "/v1/products?seller=sel_alpes"))["items"]

    assert (card["price_from"], card["offer_count"], card["available"]) == (
        {"amount": 1200, "currency": "EUR"},
        2,
        True,
    )
    assert (of_shop["price_from"]["amount"], of_shop["offer_count"], of_shop["available"]) == (1300, 1, False)


async def test_a_product_shows_variants_with_offers_cheapest_first(market: Market, api: ApiClient) -> None:
    await market.open_shop("sel_alpes")
    await market.open_shop("sel_vosges")
    variants = [{"sku": "P-250", "label": words("250 g")}, {"sku": "P-500", "label": words("500 g")}]
    category_id = await market.category("miel")
    made = await market.product("sel_alpes", category_id=category_id, variants=variants)
    small = made["variants"][0]["variant_id"]
    dear = await market.offer("sel_alpes", small, price=1300)
    cheap = await market.offer("sel_vosges", small, price=1200)

    product = await get(api, f"/v1/products/{made['product_id']}")

    assert [(variant["sku"], variant["label"]["fr"]) for variant in product["variants"]] == [
        ("P-250", "250 g"),
        ("P-500", "500 g"),
    ]
    assert [offer["offer_id"] for offer in product["variants"][0]["offers"]] == [cheap, dear]
    assert product["variants"][1]["offers"] == []
    assert product["category_path"] == [category_id]


async def test_offers_by_id(market: Market, api: ApiClient) -> None:
    offer_id = await market.anything_on_sale(stock=4)

    items = (await get(api, f"/v1/offers?ids={offer_id},off_unknown"))["items"]
    too_many = await api.acting_as(anonymous()).request("GET", "/v1/offers?ids=" + ",".join(["off_x"] * 101))

    assert [(item["offer_id"], item["available"]) for item in items] == [(offer_id, 4)]
    assert (too_many.status, too_many.json()["errors"][0]["pointer"]) == (422, "?ids")


async def test_a_shop_sees_its_own_figures_and_buyers_do_not(market: Market, api: ApiClient) -> None:
    offer_id = await market.anything_on_sale(stock=4)

    own = await api.acting_as(seller("sel_alpes")).request("GET", "/v1/sellers/sel_alpes/offers")
    [public] = (await get(api, f"/v1/offers?ids={offer_id}"))["items"]

    [offer] = own.json()["items"]
    assert (offer["on_hand"], offer["reserved"], own.json()["next"]) == (4, 0, None)
    assert "on_hand" not in public


async def test_bad_cursors_and_limits_are_problems(api: ApiClient) -> None:
    for query in (
        "cursor=xx",
        "cursor=%00",
        "cursor=bm90IGEgY3Vyc29y",
        "cursor=WzEsMl0",
        "cursor=WyIyMDI2LTAxLTAxIiwieCJd",
        "limit=0",
        "limit=101",
        "category=%00",
        "seller=a%20b",
    ):
        answer = await api.acting_as(anonymous()).request("GET", f"/v1/products?{query}")
        assert (answer.status, answer.json()["code"]) == (422, "invalid-request"), query
