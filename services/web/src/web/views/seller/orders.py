"""A shop's part of orders: what to ship, one order, its packing slip."""

import asyncio

from starlette.responses import Response

from web.api import Problem, part
from web.page import Page, failed
from web.views.seller.place import at_api, on_site

_STATES = ("preparing", "shipped", "delivered")


async def listed(page: Page) -> Response:
    """Newest first; ``state`` shows those to ship, on their way or delivered."""
    shop, base = await page.shop(), at_api(page)
    state = page.request.query_params.get("state", "")
    wanted = state if state in _STATES else None
    found, counts = await asyncio.gather(
        page.api.get(f"{base}/orders", fulfilment=wanted, cursor=page.request.query_params.get("cursor", "")),
        page.api.get(f"{base}/order-counts"),
    )
    return await page.render(
        "seller/orders.html",
        shop=shop,
        orders=found.need(),
        state=wanted or "",
        counts=counts.body if counts.problem is None else {},
    )


async def one(page: Page, *, problem: Problem | None = None) -> Response:
    """The shop's own part of an order, its address, its parcel and its money."""
    shop = await page.shop()
    found = (await page.api.get(_path(page))).need()
    status = problem.status if problem else 200
    return await page.render("seller/order.html", status=status, shop=shop, order=found, problem=problem)


async def slip(page: Page) -> Response:
    """What goes into the parcel, for the printer."""
    shop, answer, story = await asyncio.gather(page.shop(), page.api.get(_path(page)), page.api.get(at_api(page)))
    return await page.render("seller/slip.html", shop=shop, order=answer.need(), story=story.need())


async def ship(page: Page) -> Response:
    """The parcel has left, with its tracking number."""
    await page.shop()
    form = await page.form()
    body = {"carrier": str(form.get("carrier", ""))}
    if number := str(form.get("tracking_number", "")).strip():
        body["tracking_number"] = number
    path = f"{at_api(page)}/shipments/{part(str(form.get('shipment_id', '')))}/ship"
    if problem := failed(await page.api.send("POST", path, body)):
        return await one(page, problem=problem)
    return page.go(f"{on_site(page)}/orders/{part(page.value('seller_order_id'))}", ok="shipped")


def _path(page: Page) -> str:
    return f"{at_api(page)}/orders/{part(page.value('seller_order_id'))}"
