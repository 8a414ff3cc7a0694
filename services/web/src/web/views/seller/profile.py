"""What a shop says about itself."""

from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response

from web.api import Problem
from web.page import Page, failed
from web.views.seller.place import at_api, on_site

_PLAIN = ("name", "town", "postal_code")


async def edit(page: Page) -> Response:
    """The shop's texts and place; only owners may change them, the API says so to others."""
    shop = await page.shop()
    if page.request.method == "GET":
        return await _form(page, shop, None)
    form = await page.form()
    description = {code: str(form.get(f"description_{code}", "")).strip() for code in ("fr", "en")}
    change: dict[str, Any] = {name: str(form.get(name, "")).strip() for name in _PLAIN}
    answer = await page.api.send("PATCH", at_api(page), {**change, "description": description})
    if problem := failed(answer):
        return await _form(page, shop, problem, form)
    return page.go(f"{on_site(page)}/profile", ok="saved")


async def _form(page: Page, shop: dict[str, Any], problem: Problem | None, form: FormData | None = None) -> Response:
    story = (await page.api.get(at_api(page))).need()
    values = {name: story[name] for name in _PLAIN} | {
        f"description_{code}": story["description"][code] for code in ("fr", "en")
    }
    if form is not None:
        values |= {name: str(value) for name, value in form.items()}
    status = problem.status if problem else 200
    return await page.render(
        "seller/profile.html", status=status, shop=shop, story=story, values=values, problem=problem
    )
