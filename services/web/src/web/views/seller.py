"""What the people of a shop do: register it, see orders, ship, change offers, look after their money."""

from starlette.datastructures import FormData
from starlette.responses import Response

from web.amounts import minor_units, whole
from web.api import Problem, Refused, part
from web.page import Page, failed

_NEW_SHOP = ("handle", "name", "town", "postal_code", "latitude", "longitude")


async def shops(page: Page) -> Response:
    """My shops; straight to the only one."""
    me = await page.account()
    if len(me["sellers"]) == 1 and page.request.query_params.get("all") is None:
        return page.go(
            f"/sell/{part(me['sellers'][0]['seller_id'])}/orders", ok=page.request.query_params.get("ok", "")
        )
    return await page.render("seller/shops.html", shops=me["sellers"])


async def register(page: Page) -> Response:
    await page.account()
    if page.request.method == "GET":
        return await _register_form(page)
    form = await page.form()
    body: dict[str, object] = {name: str(form.get(name, "")).strip() for name in _NEW_SHOP}
    description = {code: str(form.get(f"description_{code}", "")).strip() for code in ("fr", "en")}
    answer = await page.api.send("POST", "/v1/sellers", {**body, "country": "FR", "description": description})
    if problem := failed(answer):
        return await _register_form(page, form, problem)
    return page.go("/sell?all=1", ok="shop-made")


async def orders(page: Page) -> Response:
    """What to ship, newest first."""
    shop = await page.shop()
    found = (await page.api.get(f"{_base(page)}/orders", cursor=page.value("cursor"))).need()
    return await page.render("seller/orders.html", shop=shop, orders=found)


async def order(page: Page, *, problem: Problem | None = None) -> Response:
    """The shop's own part of an order, its address and its parcel."""
    shop = await page.shop()
    found = (await page.api.get(f"{_base(page)}/orders/{part(page.value('seller_order_id'))}")).need()
    status = problem.status if problem else 200
    return await page.render("seller/order.html", status=status, shop=shop, order=found, problem=problem)


async def ship(page: Page) -> Response:
    """The parcel has left, with its tracking number."""
    await page.shop()
    form = await page.form()
    body = {"carrier": str(form.get("carrier", ""))}
    if number := str(form.get("tracking_number", "")).strip():
        body["tracking_number"] = number
    path = f"{_base(page)}/shipments/{part(str(form.get('shipment_id', '')))}/ship"
    if problem := failed(await page.api.send("POST", path, body)):
        return await order(page, problem=problem)
    return page.go(f"{_home(page)}/orders/{part(page.value('seller_order_id'))}", ok="shipped")


async def find_order(page: Page) -> Response:
    """Links of mails and notifications know the seller order only: find the shop of mine that it belongs to."""
    seller_order_id = part(page.value("seller_order_id"))
    for shop in (await page.account())["sellers"]:
        seller_id = part(shop["seller_id"])
        answer = await page.api.get(f"/v1/sellers/{seller_id}/orders/{seller_order_id}")
        if answer.problem is None:
            return page.go(f"/sell/{seller_id}/orders/{seller_order_id}")
    raise Refused(Problem(404, "not-found", "", ""))


async def offers(page: Page, *, problem: Problem | None = None, offer_id: str = "") -> Response:
    """All offers in every state, price and stock editable in place."""
    shop = await page.shop()
    found = (await page.api.get(f"{_base(page)}/offers", cursor=page.value("cursor"), limit=50)).need()
    status = problem.status if problem else 200
    return await page.render(
        "seller/offers.html", status=status, shop=shop, offers=found, problem=problem, offer_id=offer_id
    )


async def change_offer(page: Page) -> Response:
    await page.shop()
    form = await page.form()
    offer_id = str(form.get("offer_id", ""))
    change: dict[str, object] = {}
    if form.get("price"):
        currency = str(form.get("currency", "EUR"))
        change["price"] = {"amount": minor_units(str(form["price"])), "currency": currency}
    if form.get("stock"):
        change["stock"] = whole(str(form["stock"]))
    if form.get("status") in ("active", "paused"):
        change["status"] = str(form["status"])
    answer = await page.api.send("PATCH", f"{_base(page)}/offers/{part(offer_id)}", change)
    if problem := failed(answer):
        return await offers(page, problem=problem, offer_id=offer_id)
    return page.go(f"{_home(page)}/offers", ok="saved")


async def payouts(page: Page) -> Response:
    """The account at the payment provider, and what each order earned."""
    shop = await page.shop()
    account = (await page.api.get(f"{_base(page)}/payout-account")).need()
    settlements = (await page.api.get(f"{_base(page)}/settlements", cursor=page.value("cursor"))).need()
    return await page.render("seller/payouts.html", shop=shop, account=account, settlements=settlements)


async def onboard(page: Page) -> Response:
    """A fresh address at the provider; it is shown as a link, since a form may not lead to another site."""
    shop = await page.shop()
    account = (await page.api.send("POST", f"{_base(page)}/payout-account")).need()
    return await page.render("seller/onboard.html", shop=shop, account=account)


async def _register_form(page: Page, form: FormData | None = None, problem: Problem | None = None) -> Response:
    status = problem.status if problem else 200
    return await page.render("seller/register.html", status=status, form=form or {}, problem=problem)


def _base(page: Page) -> str:
    return f"/v1/sellers/{part(page.value('seller_id'))}"


def _home(page: Page) -> str:
    return f"/sell/{part(page.value('seller_id'))}"
