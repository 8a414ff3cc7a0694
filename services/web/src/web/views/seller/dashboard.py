"""What a shop has to do now, and how it goes."""

import asyncio
from datetime import timedelta
from typing import Any

from starlette.responses import Response

from web.api import Answer
from web.figures import change_text, currency_of, daily_points, days_until, today, total
from web.page import Page
from web.views.seller.place import RUNNING_OUT, at_api

_DAYS = 30


async def show(page: Page) -> Response:
    """Orders that wait first, then what runs out, then sales and money. A part that cannot be had is said to be missing."""
    shop, base = await page.shop(), at_api(page)
    days = days_until(today(), _DAYS)
    counts, waiting, low, earnings, sales, before, story = await asyncio.gather(
        page.api.get(f"{base}/order-counts"),
        page.api.get(f"{base}/orders", fulfilment="preparing", limit=6),
        page.api.get(f"{base}/offers", available_at_most=RUNNING_OUT, limit=6),
        page.api.get(f"{base}/earnings"),
        page.api.get(f"{base}/sales", from_=days[0], to=days[-1]),
        page.api.get(f"{base}/sales", from_=days[0] - timedelta(days=_DAYS), to=days[0] - timedelta(days=1)),
        page.api.get(base),
    )
    return await page.render(
        "seller/dashboard.html",
        shop=shop,
        story=_body(story),
        counts=_body(counts),
        waiting=_body(waiting),
        low=_body(low),
        money=earnings_by_state(_body(earnings)),
        sales=_sales(page, sales, before, days) if sales.problem is None and before.problem is None else None,
    )


def earnings_by_state(earnings: Any) -> dict[str, Any] | None:
    """What is held, what is on its way and what has been transferred, each with the shop's own share; euros first."""
    if earnings is None:
        return None
    return {row["status"]: row for row in reversed(earnings["items"])}


def _sales(page: Page, sales: Answer, before: Answer, days: list[Any]) -> dict[str, Any]:
    currency = currency_of(sales.body, before.body)
    now, then = total(sales.body, currency), total(before.body, currency)
    return {
        "currency": currency,
        "points": daily_points(sales.body, days, currency, page.language),
        "now": now,
        "change": {name: change_text(now[name], then[name], page.language) for name in ("gross", "orders", "net")},
    }


def _body(answer: Answer) -> Any:
    return answer.body if answer.problem is None else None
