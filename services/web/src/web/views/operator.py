"""What operators see: sales, shops that wait, orders and their money."""

import asyncio

from starlette.responses import Response

from web.api import part
from web.page import Page


async def dashboard(page: Page) -> Response:
    """Sales by day, by seller and by category of the last 30 days, and shops that wait for a decision."""
    await page.operator()
    by_day, by_seller, by_category, waiting, categories = await asyncio.gather(
        page.api.get("/v1/operator/sales", group_by="day"),
        page.api.get("/v1/operator/sales", group_by="seller"),
        page.api.get("/v1/operator/sales", group_by="category"),
        page.api.get("/v1/operator/sellers", status="pending"),
        page.api.get("/v1/categories"),
    )
    known = categories.body["items"] if categories.problem is None else []
    return await page.render(
        "operator/dashboard.html",
        by_day=by_day.need(),
        by_seller=by_seller.need(),
        by_category=by_category.need(),
        waiting=waiting.need()["items"],
        names={category["category_id"]: category["name"] for category in known},
    )


async def sellers(page: Page) -> Response:
    """Shops in every state."""
    await page.operator()
    status = page.request.query_params.get("status", "")
    found = await page.api.get("/v1/operator/sellers", status=status, cursor=page.value("cursor"))
    return await page.render("operator/sellers.html", sellers=found.need(), status_filter=status)


async def decide(page: Page) -> Response:
    """Open or suspend a shop."""
    await page.operator()
    form = await page.form()
    path = f"/v1/operator/sellers/{part(page.value('seller_id'))}"
    if form.get("decision") == "open":
        (await page.api.send("POST", f"{path}/open")).need()
        return page.go("/operator/sellers", ok="opened")
    (await page.api.send("POST", f"{path}/suspend", {"reason": str(form.get("reason", ""))})).need()
    return page.go("/operator/sellers", ok="suspended")


async def orders(page: Page) -> Response:
    await page.operator()
    found = (await page.api.get("/v1/operator/orders", cursor=page.value("cursor"))).need()
    return await page.render("operator/orders.html", orders=found)


async def money(page: Page) -> Response:
    """Where the money of one order went, down to the ledger."""
    await page.operator()
    order_id = part(page.value("order_id"))
    found = (await page.api.get(f"/v1/operator/orders/{order_id}/money")).need()
    return await page.render("operator/money.html", money=found)


async def release(page: Page) -> Response:
    """Skip the rest of a hold."""
    await page.operator()
    form = await page.form()
    (
        await page.api.send("POST", f"/v1/operator/settlements/{part(str(form.get('seller_order_id', '')))}/release")
    ).need()
    return page.go(f"/operator/orders/{part(page.value('order_id'))}", ok="released")
