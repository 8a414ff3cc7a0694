"""A new product with its first offer. Two writes at the API: when only the second is refused, the form remembers the first."""

from collections.abc import Sequence
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response

from web.amounts import minor_units, whole
from web.api import Problem, part
from web.page import Page, failed
from web.views.seller.pictures import MOST_AT_ONCE, taken

_LANGUAGES = ("fr", "en")


async def show(
    page: Page,
    *,
    form: FormData | None = None,
    problem: Problem | None = None,
    variant_id: str = "",
    media_ids: Sequence[str] = (),
) -> Response:
    """``variant_id``: the product is made already, only its offer was refused. ``media_ids``: pictures taken already."""
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
        media_ids=media_ids,
    )


async def add(page: Page) -> Response:
    """The product first, then its offer."""
    await page.shop()
    form = await page.form(files=MOST_AT_ONCE)
    base = f"/v1/sellers/{part(page.value('seller_id'))}"
    variant_id = str(form.get("variant_id", ""))
    if not variant_id:
        added, problem = await taken(page, form, "pictures")
        media_ids = list(dict.fromkeys([*map(str, form.getlist("media_id")), *added]))
        if problem:
            return await show(page, form=form, problem=problem, media_ids=media_ids)
        made = await page.api.send("POST", f"{base}/products", _product(form, media_ids))
        if problem := failed(made):
            return await show(page, form=form, problem=problem, media_ids=media_ids)
        variant_id = made.body["variants"][0]["variant_id"]
    offer = await page.api.send("POST", f"{base}/offers", _offer(form, variant_id))
    if problem := failed(offer):
        return await show(page, form=form, problem=problem, variant_id=variant_id)
    return page.go(f"/sell/{part(page.value('seller_id'))}/offers", ok="saved")


def _product(form: FormData, media_ids: Sequence[str]) -> dict[str, Any]:
    texts = {
        name: {code: str(form.get(f"{name}_{code}", "")).strip() for code in _LANGUAGES}
        for name in ("title", "description", "label")
    }
    label = texts.pop("label")
    images = [{"media_id": media_id, "alt": texts["title"]} for media_id in media_ids]
    category_id = str(form.get("category_id", ""))
    return {**texts, "category_id": category_id, "images": images, "variants": [{"label": label}]}


def _offer(form: FormData, variant_id: str) -> dict[str, Any]:
    return {
        "variant_id": variant_id,
        "price": {"amount": minor_units(str(form.get("amount", ""))), "currency": "EUR"},
        "stock": whole(str(form.get("stock", ""))),
        "condition": str(form.get("condition", "new")),
        "handling_days": whole(str(form.get("handling_days", ""))),
    }
