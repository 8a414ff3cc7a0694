"""Reviews that wait to be written."""

import uuid

from starlette.responses import Response

from web.api import Problem, part
from web.page import Page, failed


async def waiting(page: Page, *, problem: Problem | None = None, line_id: str = "") -> Response:
    """Delivered articles without a review, each with its own form."""
    await page.account()
    lines = (await page.api.get("/v1/me/reviewable")).need()["items"]
    for line in lines:
        product = await page.api.get(f"/v1/products/{part(line['product_id'])}")
        line["title"] = product.body["title"] if product.problem is None else None
        line["images"] = product.body.get("images") if product.problem is None else None
    return await page.render(
        "orders/reviews.html",
        status=problem.status if problem else 200,
        lines=lines,
        key=str(uuid.uuid4()),
        problem=problem,
        line_id=line_id,
    )


async def write(page: Page) -> Response:
    await page.account()
    form = await page.form()
    rating = str(form.get("rating", ""))
    line_id = str(form.get("line_id", ""))
    body = {
        "line_id": line_id,
        "rating": int(rating) if rating.isdigit() and len(rating) == 1 else 0,
        "title": str(form.get("title", "")),
        "text": str(form.get("text", "")),
        "locale": page.language.code,
    }
    answer = await page.api.send("POST", "/v1/reviews", body, key=str(form.get("key", "")))
    if problem := failed(answer):
        return await waiting(page, problem=problem, line_id=line_id)
    return page.go("/reviews", ok="reviewed")
