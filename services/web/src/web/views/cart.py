"""The cart, of a guest or of an account."""

from typing import Any

from starlette.responses import Response

from web.api import Problem, part
from web.page import Page, safe_next


async def show(page: Page, *, problem: Problem | None = None) -> Response:
    """Lines by seller, with what needs attention beside each."""
    cart = (await page.api.get("/v1/cart")).need()
    page.counts(cart)
    page.seen("cart")
    status = problem.status if problem else 200
    return await page.render("cart/cart.html", status=status, cart=cart, problem=problem)


async def put(page: Page) -> Response:
    """Add an offer or set its quantity; ``quantity`` 0 or ``remove`` takes it out. ``add`` counts on top of what is there."""
    form = await page.form()
    offer_id, quantity = str(form.get("offer_id", "")), _whole(str(form.get("quantity", "1")))
    if form.get("remove"):
        quantity = 0
    if form.get("add") and quantity > 0:
        quantity += await _already(page, offer_id)
    path = f"/v1/cart/lines/{part(offer_id)}"
    if quantity <= 0:
        answer = await page.api.send("DELETE", path)
    else:
        answer = await page.api.send("PUT", path, {"quantity": quantity})
    is_toast = page.is_part and form.get("add")
    if answer.problem is not None:
        return (
            page.part("cart/added.html", problem=answer.problem)
            if is_toast
            else await show(page, problem=answer.problem)
        )
    page.counts(answer.body)
    if is_toast:
        return page.part("cart/added.html", problem=None)
    done = "removed" if quantity <= 0 else "added" if form.get("add") else "changed"
    return page.go(safe_next(str(form.get("next", "/cart"))), ok=done)


async def _already(page: Page, offer_id: str) -> int:
    cart = await page.api.get("/v1/cart")
    if cart.problem is not None:
        return 0
    return next((int(line["quantity"]) for line in _lines(cart.body) if line["offer_id"] == offer_id), 0)


def _lines(cart: dict[str, Any]) -> list[dict[str, Any]]:
    return [line for group in cart["sellers"] for line in group["lines"]]


def _whole(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 10 else 0
