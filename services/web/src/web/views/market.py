"""What everybody sees: home, product, shop, the map of shops, suggestions while typing."""

import asyncio
from typing import Any

from starlette.responses import Response

from web import facts
from web.api import Answer, part
from web.departments import department_of, kilometres, spot_of
from web.page import Page

_NEAR, _ON_HOME = 5, 6
ALL_SHOPS = "/v1/sellers?limit=100"
_WORDS = {"fr": ("miel", "bol en grès", "laine", "tisane"), "en": ("honey", "stoneware bowl", "wool", "infusion")}


async def home(page: Page) -> Response:
    """Search first, categories, what is new, the shops. Any block that cannot be had is left out."""
    page.public("/", seen="home")
    products, shops, _, _ = await asyncio.gather(
        page.api.get("/v1/products", limit=12), page.kept.get(page.api, ALL_SHOPS), page.who(), page.shelves()
    )
    return await page.render(
        "market/home.html",
        aisles=with_children(page.categories),
        products=_items(products),
        ratings=(products.body or {}).get("ratings", {}),
        shops=_nearest(_dressed(shops or {"items": []}), page.choices["near"])[:_ON_HOME],
        near=page.choices["near"],
        words=_WORDS[page.language.code],
        facts=facts.market,
    )


async def suggestions(page: Page) -> Response:
    """What a word being typed may become; nothing while the engine is away."""
    words = page.request.query_params.get("q", "").strip()[:200]
    answer = await page.api.get("/v1/suggestions", q=words, lang=page.language.code) if len(words) > 1 else None
    found = answer.body if answer is not None and answer.problem is None else {}
    lists: dict[str, Any] = {name: found.get(name, [])[:6] for name in ("products", "categories", "shops")}
    return page.part("market/suggestions.html", found=lists)


async def product(page: Page) -> Response:
    """One product: offers of all its sellers, reviews, neighbours of its category."""
    product_id = page.value("product_id")
    answer, _, _ = await asyncio.gather(page.api.get(f"/v1/products/{part(product_id)}"), page.who(), page.shelves())
    found = answer.need()
    by_id = {category["category_id"]: category for category in page.categories}
    path = [by_id[category_id] for category_id in found["category_path"] if category_id in by_id]
    page.public(f"/products/{part(found['product_id'])}", seen="product", object_id=found["product_id"])
    page.aisle = path[0]["slug"] if path else ""
    return await page.render(
        "market/product.html",
        product=found,
        categories=path,
        trail=trail(page, path),
        near=await _near(page, path, found["product_id"]),
        facts=facts.product(found, path),
    )


async def shop(page: Page) -> Response:
    """One shop and what it sells."""
    answer, _ = await asyncio.gather(page.api.get(f"/v1/sellers/{part(page.value('handle'))}"), page.who())
    found = answer.need()
    found |= found.get("pictures") or {}
    page.public(f"/shops/{part(found['handle'])}", seen="shop", object_id=found["seller_id"])
    return await page.render("market/shop.html", shop=found, facts=facts.shop(found))


async def shops(page: Page) -> Response:
    """All open shops, with their places on a map; ``near``, a postal code, puts the nearest first and is remembered."""
    asked = page.request.query_params.get("near")
    if asked is not None:
        page.choices["near"] = department_of(asked)
    near = page.choices["near"]
    found = (await page.api.get("/v1/sellers", cursor=page.value("cursor"), limit=100)).need()
    page.public("/shops", seen="shops")
    places = [{**item, "href": page.language.url(f"/shops/{part(item['handle'])}")} for item in found["items"]]
    return await page.render(
        "market/shops.html",
        shops=_nearest(_dressed(found), near),
        next=found["next"],
        places=places,
        near=near,
        is_unknown=bool(asked and not near),
    )


def trail(page: Page, path: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The way to a page, as addresses and names."""
    url, pick = page.language.url, page.language.pick
    steps = [(url(f"/search?category={category['slug']}"), pick(category["name"])) for category in path]
    return [(url("/"), "Halles"), *steps]


def with_children(categories: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Categories of the first level, each with its ``children``."""
    children: dict[str | None, list[dict[str, Any]]] = {}
    for category in categories:
        children.setdefault(category["parent_id"], []).append(category)
    return [{**root, "children": children.get(root["category_id"], [])} for root in children.get(None, [])]


async def _near(page: Page, path: list[dict[str, Any]], product_id: str) -> list[dict[str, Any]]:
    """Other products of the innermost category."""
    if not path:
        return []
    query = f"/v1/search?category={part(path[-1]['slug'])}&lang={page.language.code}&limit={_NEAR + 1}"
    found = await page.kept.get(page.api, query)
    return [item for item in (found or {"items": []})["items"] if item["product_id"] != product_id][:_NEAR]


def _dressed(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Shops of a list, each with its logo and rating where it has them."""
    pictures, ratings = found.get("pictures") or {}, found.get("ratings") or {}
    return [
        {**shop, **pictures.get(shop["seller_id"], {}), "rating": ratings.get(shop["seller_id"])}
        for shop in found["items"]
    ]


def _nearest(shops: list[dict[str, Any]], department: str) -> list[dict[str, Any]]:
    """The same shops, each with its ``distance`` in kilometres, the nearest first; as they are without a department."""
    here = spot_of(department)
    if here is None:
        return shops
    told = [{**shop, "distance": kilometres(here, shop["latitude"], shop["longitude"])} for shop in shops]
    return sorted(told, key=lambda shop: int(shop["distance"]))


def _items(answer: Answer) -> list[dict[str, Any]]:
    return list(answer.body["items"]) if answer.problem is None else []
