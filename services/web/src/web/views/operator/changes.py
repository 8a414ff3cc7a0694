"""Why did sales fall (or rise) on a day: against another day, by number and size of orders, by maker, by category."""

import asyncio
from datetime import date, timedelta
from typing import Any

from starlette.responses import Response

from web.figures import Change, change_text, currency_of, long_day, shares, today, total, widest
from web.page import Page
from web.views.operator.dashboard import category_names

AGAINST = ("average", "week", "day")
"""The mean of the seven days before, the same day a week before, the day before."""


async def show(page: Page) -> Response:
    """``day``: yesterday unless told; ``against``: one of ``AGAINST``."""
    await page.operator()
    day, against = _day(page), page.request.query_params.get("against", "")
    against = against if against in AGAINST else AGAINST[0]
    first, last, count = _before(day, against)
    reports = await asyncio.gather(
        *(
            page.api.get("/v1/operator/sales", group_by=group, from_=begin, to=end)
            for group in ("seller", "category")
            for begin, end in ((day, day), (first, last))
        ),
        page.api.get("/v1/operator/audience", from_=first, to=day),
    )
    sellers, sellers_then, categories, categories_then, audience = [answer.need() for answer in reports]
    currency = currency_of(sellers, sellers_then)
    by_seller = shares(sellers, sellers_then, currency, divide_by=count)
    by_category = shares(categories, categories_then, currency, divide_by=count)
    change = _change(sellers, sellers_then, currency, count)
    return await page.render(
        "operator/changes.html",
        day=day.isoformat(),
        day_text=long_day(day, page.language),
        latest=today().isoformat(),
        against=against,
        currency=currency,
        change=change,
        change_text=change_text(change.now, change.before, page.language),
        sellers=by_seller,
        categories=by_category,
        widest={"seller": widest(by_seller), "category": widest(by_category)},
        names=await category_names(page),
        audience=_audience(audience["items"], day, first, last=last),
    )


def _day(page: Page) -> date:
    try:
        wanted = date.fromisoformat(page.request.query_params.get("day", ""))
    except ValueError:
        return today() - timedelta(days=1)
    return min(wanted, today())


def _before(day: date, against: str) -> tuple[date, date, int]:
    """First and last day to compare with, and how many days they are."""
    if against == "average":
        return day - timedelta(days=7), day - timedelta(days=1), 7
    back = timedelta(days=7 if against == "week" else 1)
    return day - back, day - back, 1


def _change(now: Any, then: Any, currency: str, days: int) -> Change:
    here, before = total(now, currency), total(then, currency)
    return Change(
        now=here["gross"],
        before=round(before["gross"] / days),
        orders_now=here["orders"],
        orders_before=before["orders"] / days,
    )


def _audience(items: list[dict[str, Any]], day: date, first: date, *, last: date) -> list[tuple[str, int, float]]:
    """Visits, buyers, new buyers, searches and searches without hits: on the day, and per day before."""
    here = next((item for item in items if item["day"] == day.isoformat()), None)
    before = [item for item in items if first.isoformat() <= item["day"] <= last.isoformat()]
    names = ("visits", "buyers", "new_buyers", "searches", "without_hits")
    return [
        (name, here[name] if here else 0, sum(item[name] for item in before) / max(1, len(before))) for name in names
    ]
