"""Search results: the address is the state."""

import asyncio
from typing import Any

from starlette.responses import Response

from web.choices import VIEWS
from web.page import Page
from web.search_address import Filters
from web.views.market import ALL_SHOPS, trail
from web.words import word

Category = dict[str, Any]


async def results(page: Page) -> Response:
    """Results with facets; ``view`` in the address is remembered. While the engine is away: the newest products instead."""
    filters = Filters(page.request.query_params)
    found, _, _ = await asyncio.gather(
        page.api.get("/v1/search", **filters.asked(page.language.code)), page.who(), page.shelves()
    )
    newest = await page.api.get("/v1/products", limit=12) if found.problem else None
    path = _path(page.categories, filters["category"])
    if page.value("view") in VIEWS:
        page.choices["view"] = page.value("view")
    view = page.choices.one_of("view", VIEWS, "grid")
    _place(page, filters, path)
    return await page.render(
        "market/search.html",
        status=found.problem.status if found.problem else 200,
        found=found.body,
        problem=found.problem,
        filters=filters,
        category=path[-1] if path else None,
        trail=trail(page, path[:-1]) if path else [],
        facets=_tree(found.body["facets"]["category"]) if found.body else [],
        chips=_chips(page, filters, path, found.body["facets"] if found.body else {}),
        view=view,
        places=await _places(page, filters, found.body) if view == "map" and found.body else [],
        newest=newest.body["items"] if newest is not None and newest.problem is None else [],
    )


def _place(page: Page, filters: Filters, path: list[Category]) -> None:
    """Categories and the whole assortment are for search engines; searches and filters of people are not."""
    page.public(filters.canonical, seen="category" if path else "search", object_id=path[-1]["slug"] if path else None)
    page.aisle = path[0]["slug"] if path else ""
    page.is_public = not filters["q"] and set(filters.active) <= {"category"}


def _path(categories: list[Category], wanted: str) -> list[Category]:
    """From the first level to the category with this slug or id."""
    by_id = {category["category_id"]: category for category in categories}
    at = next((item for item in categories if wanted and wanted in (item["slug"], item["category_id"])), None)
    path: list[Category] = []
    while at is not None and len(path) < 8:
        path.insert(0, at)
        at = by_id.get(at["parent_id"] or "")
    return path


def _tree(values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The category facet with the second level below the first."""
    known = {value["value"] for value in values}
    inner = [value for value in values if value["parent"] in known]
    roots = [value for value in values if value["parent"] not in known]
    return [{**root, "children": [value for value in inner if value["parent"] == root["value"]]} for root in roots]


async def _places(page: Page, filters: Filters, found: dict[str, Any]) -> list[dict[str, Any]]:
    """The shops of the results with how many each offers; where one lies comes from the list of shops."""
    shops = await page.kept.get(page.api, ALL_SHOPS)
    known = {shop["seller_id"]: shop for shop in (shops or {"items": []})["items"]}
    return [
        {
            "latitude": None,
            "longitude": None,
            "town": "",
            **known.get(value["value"], {}),
            "name": page.language.pick(value["label"]) or value["value"],
            "count": value["count"],
            "href": page.language.url(filters.with_(seller=value["value"])),
        }
        for value in sorted(found["facets"]["seller"], key=lambda value: -int(value["count"]))
    ]


def _chips(page: Page, filters: Filters, path: list[Category], facets: dict[str, Any]) -> list[tuple[str, str]]:
    """Each active filter in words, with the address of the search without it."""
    shops = {value["value"]: page.language.pick(value["label"]) for value in facets.get("seller", [])}
    words = {
        "category": page.language.pick(path[-1]["name"]) if path else filters["category"],
        "min_price": f"≥ {filters['min_price']} €",
        "max_price": f"≤ {filters['max_price']} €",
        "seller": shops.get(filters["seller"], word("chip", "seller", page.language)),
        "min_rating": f"★ ≥ {filters['min_rating']}",
        "in_stock": word("chip", "in_stock", page.language),
    }
    return [(words[name], page.language.url(filters.with_(**{name: ""}))) for name in filters.active]
