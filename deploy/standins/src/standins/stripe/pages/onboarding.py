"""The page where a seller would prove who they are; a person or a script chooses how it ends."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from standins.pages.rendering import Pages
from standins.stripe.resources.account_states import LINK_RETURNED, AccountState, change_state, submit_onboarding
from standins.stripe.shape import JsonObject
from standins.stripe.unit import Unit, World

OUTCOMES = ("complete", "half", "fail")


class Onboarding:
    """GET opens the single-use link, POST `outcome=complete|half|fail` ends it at `return_url`."""

    def __init__(self, world: World, pages: Pages) -> None:
        self._world = world
        self._pages = pages

    async def show(self, request: Request) -> Response:
        """Open the link; opened before or too late, it leads to `refresh_url`."""
        with self._world.begin() as unit:
            link = unit.session.get("account_link", request.path_params["token"])
            if link is None:
                return self._pages.page(request, "notice.html", status=404, text=self._pages.text(request, "gone"))
            if _is_spent(unit, link) or (link["is_opened"] and "lang" not in request.query_params):
                return RedirectResponse(link["refresh_url"], status_code=303)
            link["is_opened"] = True
            unit.session.touch(link)
            account = _account(unit, link)
        name = account["display_name"] or account["email"] or ""
        return self._pages.page(request, "onboarding.html", account=account["id"], name=name)

    async def choose(self, request: Request) -> Response:
        """Take the end that was chosen."""
        outcome = str((await request.form()).get("outcome", ""))
        if outcome not in OUTCOMES:
            return PlainTextResponse("outcome must be complete, half or fail", status_code=400)
        with self._world.begin() as unit:
            link = unit.session.get("account_link", request.path_params["token"])
            if link is None:
                return self._pages.page(request, "notice.html", status=404, text=self._pages.text(request, "gone"))
            if _is_spent(unit, link):
                return RedirectResponse(link["refresh_url"], status_code=303)
            link["is_done"] = True
            unit.session.touch(link)
            _finish(unit, _account(unit, link), outcome)
        return RedirectResponse(link["return_url"], status_code=303)


def _finish(unit: Unit, account: JsonObject, outcome: str) -> None:
    if outcome == "complete":
        submit_onboarding(unit, account)
    elif outcome == "fail":
        account["_submitted"] = True
        change_state(unit, account, AccountState.FAILED_VERIFICATION)
    returned = {"account_id": account["id"], "configurations": ["recipient"], "use_case": "account_onboarding"}
    unit.events.emit_thin(LINK_RETURNED, None, data=returned)


def _account(unit: Unit, link: JsonObject) -> JsonObject:
    account = unit.session.get("account", link["account"])
    if account is None:
        raise LookupError(f"link {link['id']} has lost its account")
    return account


def _is_spent(unit: Unit, link: JsonObject) -> bool:
    return bool(link["is_done"] or link["expires_at"] <= unit.now)
