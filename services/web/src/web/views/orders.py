"""The buyer's orders: list, one order live, the way to the bank and back, another card, cancellation."""

import uuid
from collections.abc import AsyncIterator

import aiohttp
from starlette.responses import Response, StreamingResponse

from web.api import Stream, part
from web.page import Page, failed
from web.views.checkout import after_payment

_WAIT_SECONDS = 15


async def mine(page: Page) -> Response:
    await page.account()
    found = (await page.api.get("/v1/orders", cursor=page.value("cursor"))).need()
    return await page.render("orders/list.html", orders=found)


async def one(page: Page) -> Response:
    """The order as it is now; a small script keeps it so. A confirmed order has emptied the cart."""
    await page.account()
    order = (await page.api.get(_path(page))).need()
    page.seen("order", order["order_id"])
    methods = []
    if order["status"] == "declined":
        methods = (await page.api.get("/v1/payment-config")).need()["test_methods"]
    return await page.render("orders/order.html", order=order, methods=methods, key=str(uuid.uuid4()))


async def bank(page: Page) -> Response:
    """A page of our own between the form and the bank: a form may not lead to another site (CSP form-action)."""
    await page.account()
    order = (await page.api.get(_path(page))).need()
    action = (order["payment"] or {}).get("next_action")
    if order["status"] != "action-required" or not action:
        return page.go(f"/orders/{part(page.value('order_id'))}")
    return await page.render("orders/bank.html", order=order, redirect_url=action["redirect_url"])


async def back(page: Page) -> Response:
    """Back from the bank: have the payment read again, then show the order."""
    await page.account()
    order_id = part(page.value("order_id"))
    await page.api.send("POST", f"/v1/payments/{order_id}/refresh")
    return page.go(f"/orders/{order_id}")


async def pay_again(page: Page) -> Response:
    """Another card for the same order."""
    await page.account()
    form = await page.form()
    body = {"payment_method": str(form.get("payment_method", ""))}
    answer = await page.api.send(
        "POST", f"{_path(page)}/payment", body, key=str(form.get("key", "")), wait=_WAIT_SECONDS
    )
    failed(answer)
    return page.go(after_payment(answer.need()), ok="retried")


async def cancel(page: Page) -> Response:
    await page.account()
    (await page.api.send("POST", f"{_path(page)}/cancellation")).need()
    return page.go(f"/orders/{part(page.value('order_id'))}", ok="cancelling")


async def events(page: Page) -> Response:
    """The API's stream, passed on as it comes: the browser talks to one origin only."""
    last = page.request.headers.get("last-event-id", "")
    upstream = page.api.stream(f"{_path(page)}/events", last_event_id=last)
    try:
        answer = await upstream.__aenter__()
    except (aiohttp.ClientError, TimeoutError):
        return Response(status_code=503, headers={"Retry-After": "5"})
    if answer.status != 200:
        await upstream.__aexit__(None, None, None)
        return Response(status_code=204 if answer.status in (401, 404) else answer.status)
    return StreamingResponse(_passed_on(upstream, answer), media_type="text/event-stream")


async def _passed_on(upstream: Stream, answer: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    try:
        async for chunk in answer.content.iter_any():
            yield chunk
    except (aiohttp.ClientError, TimeoutError):
        return
    finally:
        await upstream.__aexit__(None, None, None)


def _path(page: Page) -> str:
    return f"/v1/orders/{part(page.value('order_id'))}"
