"""Somebody's account by their address, and which operator roles it has."""

from starlette.responses import Response

from web.api import Problem, part
from web.page import Page, failed

_ROLES = ("support", "admin")


async def find(page: Page, *, problem: Problem | None = None) -> Response:
    """Exact addresses only: nobody browses people."""
    me = await page.operator()
    email = str(page.request.query_params.get("email", "")).strip()
    found = None
    if email:
        answer = await page.api.get("/v1/operator/accounts", email=email)
        problem = problem or failed(answer)
        found = answer.body["items"] if answer.problem is None else []
    return await page.render(
        "operator/people.html",
        status=problem.status if problem else 200,
        email=email,
        found=found,
        may_decide="admin" in me["roles"],
        problem=problem,
    )


async def set_roles(page: Page) -> Response:
    """The account's operator roles become those that are ticked; its sign-ins end."""
    await page.operator()
    form = await page.form()
    roles = [role for role in form.getlist("role") if role in _ROLES]
    answer = await page.api.send(
        "PUT", f"/v1/operator/accounts/{part(page.value('account_id'))}/roles", {"roles": roles}
    )
    if problem := failed(answer):
        return await find(page, problem=problem)
    return page.go("/operator/people", ok="roles-set")
