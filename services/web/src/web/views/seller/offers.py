"""A shop's offers in every state, with price and stock to change in place."""

from starlette.datastructures import FormData
from starlette.responses import Response

from web.amounts import minor_units, whole
from web.api import Problem, part
from web.page import Page, failed
from web.views.seller.place import RUNNING_OUT, at_api, on_site


async def listed(page: Page, *, problem: Problem | None = None, offer_id: str = "") -> Response:
    """``low`` shows only what runs out. ``problem`` belongs to the offer named ``offer_id``."""
    shop = await page.shop()
    is_low = page.request.query_params.get("low") == "1"
    found = await page.api.get(
        f"{at_api(page)}/offers",
        cursor=page.request.query_params.get("cursor", ""),
        limit=50,
        available_at_most=RUNNING_OUT if is_low else None,
    )
    return await page.render(
        "seller/offers.html",
        status=problem.status if problem else 200,
        shop=shop,
        offers=found.need(),
        is_low=is_low,
        problem=problem,
        offer_id=offer_id,
    )


async def change(page: Page) -> Response:
    """Price, stock or state of one offer. A script gets back the row alone."""
    shop, form = await page.shop(), await page.form()
    offer_id = str(form.get("offer_id", ""))
    answer = await page.api.send("PATCH", f"{at_api(page)}/offers/{part(offer_id)}", _changes(form))
    problem = failed(answer)
    if not page.is_part:
        if problem:
            return await listed(page, problem=problem, offer_id=offer_id)
        return page.go(f"{on_site(page)}/offers", ok="saved")
    offer = answer.body if problem is None else await _find(page, offer_id)
    return await page.render("seller/offer_row.html", shop=shop, offer=offer, problem=problem, is_saved=not problem)


async def _find(page: Page, offer_id: str) -> object:
    """The offer as it still is, after a refused change."""
    cursor = ""
    while True:
        found = (await page.api.get(f"{at_api(page)}/offers", cursor=cursor, limit=100)).need()
        for offer in found["items"]:
            if offer["offer_id"] == offer_id:
                return offer
        cursor = found["next"]
        if not cursor:
            return None


def _changes(form: FormData) -> dict[str, object]:
    change: dict[str, object] = {}
    if form.get("price"):
        currency = str(form.get("currency", "EUR"))
        change["price"] = {"amount": minor_units(str(form["price"])), "currency": currency}
    if form.get("stock"):
        change["stock"] = whole(str(form["stock"]))
    if form.get("status") in ("active", "paused"):
        change["status"] = str(form["status"])
    return change
