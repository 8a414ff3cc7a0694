"""How the market does, and what waits for an operator."""

import asyncio
from datetime import timedelta
from typing import Any

from starlette.responses import Response

from web.api import Answer
from web.figures import change_text, currency_of, daily_points, days_until, percent, shares, today, total
from web.page import Page

_DAYS = 30
WAY = ("home", "search", "product", "shop", "cart", "checkout", "order")
"""Pages on the way to an order, by the names that visits are counted under."""


async def show(page: Page) -> Response:
    """Decisions that wait, then figures of 30 days beside those of the 30 days before."""
    await page.operator()
    days, sales = days_until(today(), _DAYS), "/v1/operator/sales"
    now = {"from_": days[0], "to": days[-1]}
    then = {"from_": days[0] - timedelta(days=_DAYS), "to": days[0] - timedelta(days=1)}
    (
        by_day,
        day_then,
        by_seller,
        seller_then,
        by_category,
        category_then,
        pending,
        audience,
        pipeline,
    ) = await asyncio.gather(
        page.api.get(sales, group_by="day", **now),
        page.api.get(sales, group_by="day", **then),
        page.api.get(sales, group_by="seller", **now),
        page.api.get(sales, group_by="seller", **then),
        page.api.get(sales, group_by="category", **now),
        page.api.get(sales, group_by="category", **then),
        page.api.get("/v1/operator/sellers", status="pending"),
        page.api.get("/v1/operator/audience", **now),
        page.api.get("/v1/operator/pipeline"),
    )
    currency = currency_of(by_day.need(), day_then.need())
    return await page.render(
        "operator/dashboard.html",
        currency=currency,
        points=daily_points(by_day.body, days, currency, page.language),
        figures_of=_figures(page, by_day.body, day_then.body, currency),
        sellers=shares(by_seller.need(), seller_then.need(), currency),
        categories=shares(by_category.need(), category_then.need(), currency),
        names=await category_names(page),
        pending=pending.need()["items"],
        audience=_audience(audience),
        reached=_reached(audience, page),
        trouble_in=_set_aside(pipeline),
        yesterday=(today() - timedelta(days=1)).isoformat(),
    )


async def category_names(page: Page) -> dict[str, Any]:
    """Names by category id; empty when they cannot be had."""
    answer = await page.api.get("/v1/categories")
    known = answer.body["items"] if answer.problem is None else []
    return {category["category_id"]: category["name"] for category in known}


def _figures(page: Page, now: Any, then: Any, currency: str) -> dict[str, Any]:
    """Totals of both periods with the change of each in words."""
    here, before = total(now, currency), total(then, currency)
    for one in (here, before):
        one["average"] = round(one["gross"] / one["orders"]) if one["orders"] else 0
    return {"now": here, "change": {name: change_text(here[name], before[name], page.language) for name in here}}


def _audience(answer: Answer) -> dict[str, Any] | None:
    """Sums of the period; a buyer counts once per day, a visit once per page."""
    if answer.problem is not None:
        return None
    names = ("visits", "orders", "buyers", "new_buyers", "searches", "without_hits")
    days = answer.body["items"]
    return {
        **{name: sum(day[name] for day in days) for name in names},
        "today": days[-1] if days else None,
        "pages": answer.body["pages"],
        "unanswered": answer.body["unanswered"],
    }


def _set_aside(answer: Answer) -> dict[str, int] | None:
    """Dead letters and parked events that somebody must look at; None when the figures cannot be had."""
    if answer.problem is not None:
        return None
    services = [state for state in answer.body["services"].values() if state]
    return {
        "dead_letters": sum(one["dead_letters"] for one in answer.body["consumers"]),
        "parked": sum(state["parked"] for state in services),
        "lag": sum(one["lag"] for one in answer.body["consumers"]),
    }


def _reached(answer: Answer, page: Page) -> dict[str, Any]:
    """The pages of a purchase in their order, each with its share of the visits that saw the most seen page of the period."""
    if answer.problem is not None:
        return {"steps": [], "checkout": ""}
    seen = {one["page"]: one["visits"] for one in answer.body["pages"]}
    most = max(seen.values(), default=0)
    steps = [
        {"page": name, "visits": seen.get(name, 0), "share": percent(seen.get(name, 0), most, page.language)}
        for name in WAY
    ]
    return {"steps": steps, "checkout": percent(seen.get("checkout", 0), most, page.language)}
