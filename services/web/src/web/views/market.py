"""What everybody sees: home, search, product, shop."""

import asyncio
from typing import Any

from starlette.responses import Response

from web.api import Answer, part
from web.page import Page
from web.search_address import Filters


async def home(page: Page) -> Response:
    """Search first, categories, what is new, the shops. Any block that cannot be had is left out."""
    categories, products, shops, _ = await asyncio.gather(
        page.api.get("/v1/categories"),
        page.api.get("/v1/products", limit=12),
        page.api.get("/v1/sellers", limit=12),
        page.who(),
    )
    return await page.render(
        "market/home.html",
        categories=_roots(_items(categories)),
        products=_items(products),
        ratings=(products.body or {}).get("ratings", {}),
        shops=_items(shops),
    )


async def search(page: Page) -> Response:
    """Results with facets; the address is the state. While the engine is away: the newest products instead."""
    filters = Filters(page.request.query_params)
    found, categories, _ = await asyncio.gather(
        page.api.get("/v1/search", **filters.asked(page.language.code)), page.api.get("/v1/categories"), page.who()
    )
    newest = await page.api.get("/v1/products", limit=12) if found.problem else None
    return await page.render(
        "market/search.html",
        status=found.problem.status if found.problem else 200,
        found=found.body,
        problem=found.problem,
        filters=filters,
        categories=_items(categories),
        newest=_items(newest) if newest else [],
    )


async def product(page: Page) -> Response:
    """One product: offers of all its sellers, reviews."""
    product_id = page.value("product_id")
    answer, categories, _ = await asyncio.gather(
        page.api.get(f"/v1/products/{part(product_id)}"), page.api.get("/v1/categories"), page.who()
    )
    by_id = {category["category_id"]: category for category in _items(categories)}
    found = answer.need()
    path = [by_id[category_id] for category_id in found["category_path"] if category_id in by_id]
    return await page.render("market/product.html", product=found, path=path)


async def shop(page: Page) -> Response:
    """One shop and what it sells."""
    answer, _ = await asyncio.gather(page.api.get(f"/v1/sellers/{part(page.value('handle'))}"), page.who())
    return await page.render("market/shop.html", shop=answer.need())


def _items(answer: Answer) -> list[dict[str, Any]]:
    return list(answer.body["items"]) if answer.problem is None else []


def _roots(categories: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Categories of the first level, each with its ``children``."""
    children: dict[str | None, list[dict[str, Any]]] = {}
    for category in categories:
        children.setdefault(category["parent_id"], []).append(category)
    return [{**root, "children": children.get(root["category_id"], [])} for root in children.get(None, [])]
