"""From cart to order: one page, with an account or as a guest; then the order's own page, which follows what happens."""

import uuid
from dataclasses import replace

from starlette.datastructures import FormData
from starlette.responses import Response

from web.api import Problem, part
from web.page import Page, failed

_WAIT_SECONDS = 15
_ADDRESS = ("name", "line1", "line2", "postal_code", "city", "country", "phone")
_FIELDS = {"display_name": "name"}
"""Fields of the API that stand under another name in our form."""
_LONGEST_NAME = 80


async def show(page: Page, *, form: FormData | None = None, problem: Problem | None = None) -> Response:
    """Address, card and summary. The form carries the key that makes a second click harmless."""
    page.seen("checkout")
    cart, config = (await page.api.get("/v1/cart")).need(), (await page.api.get("/v1/payment-config")).need()
    if not cart["sellers"]:
        return page.go("/cart")
    return await page.render(
        "cart/checkout.html",
        status=problem.status if problem else 200,
        cart=cart,
        methods=config["test_methods"],
        form=form or {},
        key=str(form["key"]) if form and form.get("key") and _is_retry(problem) else str(uuid.uuid4()),
        problem=problem,
    )


async def order(page: Page) -> Response:
    """Place the order and wait a little for its decision. Visitors become guests by the address they give."""
    form = await page.form()
    version = _version(str(form.get("cart_version", "")))
    if await page.who() is None:
        problem, version = await _enter(page, form, version)
        if problem:
            return await show(page, form=form, problem=problem)
    body = {
        "cart_version": version,
        "payment_method": str(form.get("payment_method", "")),
        "shipping_address": {name: text for name in _ADDRESS if (text := str(form.get(name, "")).strip())},
    }
    key = str(form.get("key", ""))
    answer = await page.api.send("POST", "/v1/checkouts", body, key=key, wait=_WAIT_SECONDS)
    if problem := failed(answer):
        return await show(page, form=form, problem=problem)
    page.choices["basket"] = ""
    return page.go(after_payment(answer.body))


async def _enter(page: Page, form: FormData, version: int) -> tuple[Problem | None, int]:
    """A guest's account; the cart moves into it and gets a new version. Only the cart that was seen is bought."""
    if (await page.api.get("/v1/cart")).need()["version"] != version:
        return Problem(409, "cart-changed", "", ""), version
    email, name = (str(form.get(field, "")).strip() for field in ("email", "name"))
    guest = {"email": email, "display_name": name[:_LONGEST_NAME], "locale": page.language.code}
    answer = await page.api.send("POST", "/v1/guests", guest)
    if answer.problem is not None:
        violations = tuple(replace(v, field=_FIELDS.get(v.field, v.field)) for v in answer.problem.violations)
        return replace(answer.problem, violations=violations), version
    page.entered(answer.body["account"])
    return None, int((await page.api.get("/v1/cart")).need()["version"])


def after_payment(accepted: dict[str, object]) -> str:
    """To the bank's page when it asks for that, else to the order."""
    path = f"/orders/{part(str(accepted['order_id']))}"
    return f"{path}/bank" if accepted.get("status") == "action-required" else path


def _version(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 16 else 0


def _is_retry(problem: Problem | None) -> bool:
    """A definite refusal stored nothing; anything else may have, so the same key must be sent again."""
    return problem is not None and problem.status in (409, 429, 503) and problem.code != "cart-changed"
