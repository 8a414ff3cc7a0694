"""What a shop says and shows about itself."""

from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response

from web.api import Problem
from web.page import Page, failed
from web.views.seller.pictures import taken
from web.views.seller.place import at_api, on_site

_PLAIN = ("name", "town", "postal_code")
_NEEDED, _MORE = "description", ("story", "shipping_policy", "returns_policy")
_LANGUAGES = ("fr", "en")


async def edit(page: Page) -> Response:
    """The shop's texts, place and pictures; only owners may change them, the API says so to others."""
    shop = await page.shop()
    if page.request.method == "GET":
        return await _form(page, shop, None)
    form = await page.form(files=2)
    answer = await page.api.send("PATCH", at_api(page), _change(form))
    problem = failed(answer) or await _dress(page, form)
    if problem:
        return await _form(page, shop, problem, form)
    return page.go(f"{on_site(page)}/profile", ok="saved")


def _change(form: FormData) -> dict[str, Any]:
    """Texts that are told in neither language are left as they are; the API wants the others in both."""
    change: dict[str, Any] = {name: str(form.get(name, "")).strip() for name in _PLAIN}
    for name in (_NEEDED, *_MORE):
        words = {code: str(form.get(f"{name}_{code}", "")).strip() for code in _LANGUAGES}
        if name == _NEEDED or any(words.values()):
            change[name] = words
    return change


async def _dress(page: Page, form: FormData) -> Problem | None:
    """A new logo or banner, or one taken down; what is not touched stays."""
    shown = (await page.api.get(at_api(page))).need().get("pictures") or {}
    wanted = {name: (shown.get(name) or {}).get("id") for name in ("logo", "banner")}
    before = dict(wanted)
    for name in wanted:
        ids, problem = await taken(page, form, name)
        if problem:
            return problem
        if ids or form.get(f"remove_{name}"):
            wanted[name] = ids[0] if ids else None
    return None if wanted == before else failed(await page.api.send("PUT", f"{at_api(page)}/pictures", wanted))


async def _form(page: Page, shop: dict[str, Any], problem: Problem | None, form: FormData | None = None) -> Response:
    story = (await page.api.get(at_api(page))).need()
    values = {name: story[name] for name in _PLAIN}
    for name in (_NEEDED, *_MORE):
        values |= {f"{name}_{code}": (story.get(name) or {}).get(code, "") for code in _LANGUAGES}
    if form is not None:
        values |= {name: value for name, value in form.items() if isinstance(value, str)}
    status = problem.status if problem else 200
    shown = story.get("pictures") or {}
    return await page.render(
        "seller/profile.html", status=status, shop=shop, shown=shown, values=values, problem=problem
    )
