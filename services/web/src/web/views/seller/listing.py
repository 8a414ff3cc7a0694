"""A new product with its first offer. Two writes at the API: when only the second is refused, the form remembers the first."""

from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response

from web.amounts import minor_units, whole
from web.api import Problem, part
from web.page import Page, failed

_LANGUAGES = ("fr", "en")


async def show(
    page: Page, *, form: FormData | None = None, problem: Problem | None = None, variant_id: str = ""
) -> Response:
    """``variant_id``: the product is made already, only its offer was refused."""
    shop = await page.shop()
    categories = (await page.api.get("/v1/categories")).need()["items"]
    parents = {category["parent_id"] for category in categories}
    return await page.render(
        "seller/listing.html",
        status=problem.status if problem else 200,
        shop=shop,
        categories=[category for category in categories if category["category_id"] not in parents],
        form=form or {},
        problem=problem,
        variant_id=variant_id,
    )


async def add(page: Page) -> Response:
    """The product first, then its offer."""
    await page.shop()
    form = await page.form()
    base = f"/v1/sellers/{part(page.value('seller_id'))}"
    variant_id = str(form.get("variant_id", ""))
    if not variant_id:
        made = await page.api.send("POST", f"{base}/products", _product(form))
        if problem := failed(made):
            return await show(page, form=form, problem=problem)
        variant_id = made.body["variants"][0]["variant_id"]
    offer = await page.api.send("POST", f"{base}/offers", _offer(form, variant_id))
    if problem := failed(offer):
        return await show(page, form=form, problem=problem, variant_id=variant_id)
    return page.go(f"/sell/{part(page.value('seller_id'))}/offers", ok="saved")


def _product(form: FormData) -> dict[str, Any]:
    texts = {
        name: {code: str(form.get(f"{name}_{code}", "")).strip() for code in _LANGUAGES}
        for name in ("title", "description", "label")
    }
    label = texts.pop("label")
    return {**texts, "category_id": str(form.get("category_id", "")), "variants": [{"label": label}]}


def _offer(form: FormData, variant_id: str) -> dict[str, Any]:
    return {
        "variant_id": variant_id,
        "price": {"amount": minor_units(str(form.get("amount", ""))), "currency": "EUR"},
        "stock": whole(str(form.get("stock", ""))),
        "condition": str(form.get("condition", "new")),
        "handling_days": whole(str(form.get("handling_days", ""))),
    }
