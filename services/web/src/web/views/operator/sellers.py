"""Shops in every state, and the decision about each."""

import asyncio

from starlette.responses import Response

from web.api import Problem, part
from web.page import Page, failed

_STATES = ("pending", "open", "suspended", "closed")


async def listed(page: Page, *, problem: Problem | None = None, seller_id: str = "") -> Response:
    """``problem`` is what the API said to a decision about ``seller_id``."""
    await page.operator()
    status = page.request.query_params.get("status", "")
    wanted = status if status in _STATES else None
    found, pending = await asyncio.gather(
        page.api.get("/v1/operator/sellers", status=wanted, cursor=page.request.query_params.get("cursor", "")),
        page.api.get("/v1/operator/sellers", status="pending"),
    )
    return await page.render(
        "operator/sellers.html",
        status=problem.status if problem else 200,
        sellers=found.need(),
        pending=len(pending.body["items"]) if pending.problem is None else 0,
        status_filter=wanted or "",
        problem=problem,
        seller_id=seller_id,
    )


async def decide(page: Page) -> Response:
    """Open or suspend a shop; a suspension needs its reason, which the shop sees."""
    await page.operator()
    form, seller_id = await page.form(), page.value("seller_id")
    path, is_opening = f"/v1/operator/sellers/{part(seller_id)}", form.get("decision") == "open"
    if is_opening:
        answer = await page.api.send("POST", f"{path}/open")
    else:
        answer = await page.api.send("POST", f"{path}/suspend", {"reason": str(form.get("reason", "")).strip()})
    if problem := failed(answer):
        return await listed(page, problem=problem, seller_id=seller_id)
    return page.go("/operator/sellers", ok="opened" if is_opening else "suspended")
