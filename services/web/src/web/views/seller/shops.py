"""The shops that an account works for, a new one, and the way from a mail to an order."""

from starlette.datastructures import FormData
from starlette.responses import Response

from web.api import Problem, Refused, part
from web.departments import department_of, spot_of
from web.page import Page, failed

_NEW_SHOP = ("handle", "name", "town", "postal_code")


async def mine(page: Page) -> Response:
    """My shops; straight to the only one."""
    me = await page.account()
    if len(me["sellers"]) == 1 and page.request.query_params.get("all") is None:
        return page.go(f"/sell/{part(me['sellers'][0]['seller_id'])}", ok=page.request.query_params.get("ok", ""))
    return await page.render("seller/shops.html", shops=me["sellers"])


async def register(page: Page) -> Response:
    await page.account()
    if page.request.method == "GET":
        return await _register_form(page)
    form = await page.form()
    body: dict[str, object] = {name: str(form.get(name, "")).strip() for name in _NEW_SHOP}
    body |= _place(form)
    description = {code: str(form.get(f"description_{code}", "")).strip() for code in ("fr", "en")}
    answer = await page.api.send("POST", "/v1/sellers", {**body, "country": "FR", "description": description})
    if problem := failed(answer):
        return await _register_form(page, form, problem)
    return page.go("/sell?all=1", ok="shop-made")


def _place(form: FormData) -> dict[str, str]:
    """Degrees as they were typed; without them the chief town of the postal code's department."""
    here = spot_of(department_of(str(form.get("postal_code", ""))))
    typed = {name: str(form.get(name, "")).strip().replace(",", ".") for name in ("latitude", "longitude")}
    if here is None or any(typed.values()):
        return typed
    return {"latitude": str(here.latitude), "longitude": str(here.longitude)}


async def find_order(page: Page) -> Response:
    """Links of mails and notifications know the seller order only: find the shop of mine that it belongs to."""
    seller_order_id = part(page.value("seller_order_id"))
    for shop in (await page.account())["sellers"]:
        seller_id = part(shop["seller_id"])
        answer = await page.api.get(f"/v1/sellers/{seller_id}/orders/{seller_order_id}")
        if answer.problem is None:
            return page.go(f"/sell/{seller_id}/orders/{seller_order_id}")
    raise Refused(Problem(404, "not-found", "", ""))


async def _register_form(page: Page, form: FormData | None = None, problem: Problem | None = None) -> Response:
    status = problem.status if problem else 200
    return await page.render("seller/register.html", status=status, form=form or {}, problem=problem)
