"""Pictures of a shop: taken from a form to the API, and the gallery of a product."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from web.api import Answer, Problem, Violation, part
from web.page import Page, failed
from web.views.seller.place import at_api, on_site

MOST_AT_ONCE = 6
_NOT_YOURS = Problem(409, "product-of-another-shop", "", "")


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture of a gallery as its form says it."""

    media_id: str
    alt: dict[str, str]
    place: int


async def taken(page: Page, form: FormData, field: str) -> tuple[list[str], Problem | None]:
    """Send the files of a field to the API: ids of the pictures, or what is wrong with the first bad one."""
    ids: list[str] = []
    for file in form.getlist(field):
        if not isinstance(file, UploadFile) or not file.filename:
            continue
        answer = await page.api.upload(f"{at_api(page)}/media", await file.read(), file.content_type or "")
        if problem := failed(answer):
            code = problem.violations[0].code if problem.violations else problem.code
            at_field = (Violation(field, code, problem.detail),)
            return ids, Problem(problem.status, problem.code, problem.detail, problem.request_id, at_field)
        ids.append(str(answer.body["media_id"]))
    return ids, None


async def gallery(page: Page) -> Response:
    """The pictures of a product in their order, with the words for those who do not see them; new ones come last."""
    shop = await page.shop()
    product = (await page.api.get(f"/v1/products/{part(page.value('product_id'))}")).need()
    if page.request.method == "GET":
        return await _show(page, shop, product, None)
    form = await page.form(files=MOST_AT_ONCE)
    added, problem = await taken(page, form, "pictures")
    if problem is None:
        kept = [{"media_id": one.media_id, "alt": one.alt} for one in _kept(form, product)]
        new = [{"media_id": media_id, "alt": product["title"]} for media_id in added]
        known = {one["media_id"] for one in kept}
        images = kept + [one for one in new if one["media_id"] not in known]
        path = f"{at_api(page)}/products/{part(product['product_id'])}/images"
        answer = await page.api.send("PUT", path, {"images": images})
        problem = _NOT_YOURS if _is_anothers(answer) else failed(answer)
    if problem:
        return await _show(page, shop, product, problem)
    return page.go(f"{on_site(page)}/products/{part(product['product_id'])}/pictures", ok="saved")


def _is_anothers(answer: Answer) -> bool:
    """The API knows neither this product nor these pictures as the shop's."""
    unknown = answer.problem.violations if answer.problem else ()
    return answer.status == 404 or any(one.code == "unknown" for one in unknown)


def _kept(form: FormData, product: dict[str, Any]) -> Sequence[Shown]:
    """What of the present gallery stays, in the order that was chosen."""
    found = []
    for at, image in enumerate(product["images"], 1):
        media_id = image["id"]
        if form.get(f"remove-{media_id}"):
            continue
        words = {code: str(form.get(f"alt_{code}-{media_id}", "")).strip() for code in ("fr", "en")}
        alt = {code: words[code] or image["alt"][code] for code in words}
        place = str(form.get(f"place-{media_id}", ""))
        found.append(Shown(media_id, alt, int(place) if place.isdigit() and len(place) < 3 else at))
    return sorted(found, key=lambda one: one.place)


async def _show(page: Page, shop: dict[str, Any], product: dict[str, Any], problem: Problem | None) -> Response:
    status = problem.status if problem else 200
    return await page.render("seller/pictures.html", status=status, shop=shop, product=product, problem=problem)
