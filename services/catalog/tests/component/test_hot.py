"""Both roads of a hot question give the same answer: in front of FastAPI, and through it (an unknown parameter forces that)."""

from typing import Any

from services.catalog.tests.factories import Market

from testkit import Answer, ApiClient, anonymous

QUESTIONS = (
    "/v1/products?limit=2",
    "/v1/products?category=miel",
    "/v1/products?category=unknown",
    "/v1/products?seller=sel_alpes&category=miel&limit=1",
    "/v1/products?cursor=broken",
    "/v1/products/{product_id}",
    "/v1/products/prd_unknown",
)


async def test_both_roads_give_the_same_answer(market: Market, api: ApiClient) -> None:
    await market.open_shop()
    honey = await market.category("miel")
    for title in ("Miel de sapin", "Miel de lavande", "Miel d'acacia"):
        product = await market.product("sel_alpes", category_id=honey, title=title)
        await market.offer("sel_alpes", product["variants"][0]["variant_id"])
    visitor = api.acting_as(anonymous())

    for question in QUESTIONS:
        path = question.format(product_id=product["product_id"])
        hot = await visitor.request("GET", path)
        ordinary = await visitor.request("GET", f"{path}{'&' if '?' in path else '?'}forced=1")

        assert shown(hot) == shown(ordinary), path


def shown(answer: Answer) -> tuple[int, dict[str, Any]]:
    """Everything but the request's own id."""
    return answer.status, {name: text for name, text in answer.json().items() if name != "instance"}
