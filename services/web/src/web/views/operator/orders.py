"""Everybody's orders, and one with its money and everything that it caused."""

import asyncio
from typing import Any

from starlette.responses import Response

from web.api import Answer, part
from web.page import Page


async def listed(page: Page) -> Response:
    await page.operator()
    found = (await page.api.get("/v1/operator/orders", cursor=page.request.query_params.get("cursor", ""))).need()
    return await page.render("operator/orders.html", orders=found)


async def one(page: Page) -> Response:
    """The order is required; its money (none before it is paid) and its trace are shown when they can be had."""
    await page.operator()
    order_id = part(page.value("order_id"))
    order, money, about = await asyncio.gather(
        page.api.get(f"/v1/orders/{order_id}"),
        page.api.get(f"/v1/operator/orders/{order_id}/money"),
        page.api.get(f"/v1/operator/traces/{order_id}"),
    )
    return await page.render(
        "operator/order.html",
        order=order.need(),
        money=money.body if money.problem is None else None,
        money_problem=money.problem if money.problem and money.problem.status != 404 else None,
        trace=await _trace(page, about),
    )


async def release(page: Page) -> Response:
    """Skip the rest of a hold."""
    await page.operator()
    form = await page.form()
    settlement = part(str(form.get("seller_order_id", "")))
    (await page.api.send("POST", f"/v1/operator/settlements/{settlement}/release")).need()
    return page.go(f"/operator/orders/{part(page.value('order_id'))}", ok="released")


async def _trace(page: Page, about: Answer) -> list[dict[str, Any]] | None:
    """All that the request which placed the order caused, not only what names the order."""
    if about.problem is not None:
        return None
    events: list[dict[str, Any]] = about.body["events"]
    if not events:
        return []
    answer = await page.api.get(f"/v1/operator/traces/{part(events[0]['correlation_id'])}")
    return list(answer.body["events"]) if answer.problem is None else events
