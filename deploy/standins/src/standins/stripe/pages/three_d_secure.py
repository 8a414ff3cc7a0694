"""The page where a buyer would meet their bank; a person or a script chooses how it ends."""

import hmac
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from standins.pages.rendering import Pages
from standins.stripe.resources import intent_attempts
from standins.stripe.resources.intent_attempts import Attempt, Status
from standins.stripe.shape import JsonObject
from standins.stripe.unit import Unit, World

OUTCOMES = {"complete": True, "fail": False}


class ThreeDSecure:
    """GET shows the choice, POST `outcome=complete|fail` takes it and sends the buyer back."""

    def __init__(self, world: World, pages: Pages) -> None:
        self._world = world
        self._pages = pages

    async def show(self, request: Request) -> Response:
        """Show the amount and the two buttons."""
        secret = request.query_params.get("secret", "")
        with self._world.begin() as unit:
            intent = _waiting(unit, request.path_params["id"], secret)
        if intent is None:
            return self._pages.page(request, "notice.html", status=404, text=_gone(self._pages, request))
        context = {"amount": intent["amount"], "currency": intent["currency"], "secret": secret}
        return self._pages.page(request, "three_d_secure.html", **context)

    async def choose(self, request: Request) -> Response:
        """Take the bank's answer and send the buyer back to `return_url`."""
        form = await request.form()
        outcome = OUTCOMES.get(str(form.get("outcome", "")))
        if outcome is None:
            return PlainTextResponse("outcome must be complete or fail", status_code=400)
        with self._world.begin() as unit:
            intent = _waiting(unit, request.path_params["id"], str(form.get("secret", "")))
            if intent is not None:
                settle_challenge(unit, intent, passed=outcome)
        if intent is None:
            return self._pages.page(request, "notice.html", status=404, text=_gone(self._pages, request))
        return _back(intent)


def settle_challenge(unit: Unit, intent: JsonObject, *, passed: bool) -> None:
    """Apply the bank's answer to an intent that waits for it."""
    method = unit.session.get("payment_method", intent["payment_method"])
    if method is None:
        raise LookupError(f"intent {intent['id']} has lost its payment method")
    attempt = Attempt(intent, unit.session.account_of(intent["id"]), method)
    intent_attempts.authenticate(unit, attempt, passed=passed)


def _waiting(unit: Unit, identifier: str, secret: str) -> JsonObject | None:
    intent = unit.session.get("payment_intent", identifier)
    if intent is None or intent["status"] != Status.REQUIRES_ACTION:
        return None
    return intent if hmac.compare_digest(intent["client_secret"], secret) else None


def _back(intent: JsonObject) -> Response:
    has_paid = intent["status"] in (Status.SUCCEEDED, Status.REQUIRES_CAPTURE, Status.PROCESSING)
    if intent["_return_url"] is None:
        return PlainTextResponse(f"Stripe stand-in, not Stripe: the payment is now {intent['status']}.")
    query = urlencode(
        {
            "payment_intent": intent["id"],
            "payment_intent_client_secret": intent["client_secret"],
            "redirect_status": "succeeded" if has_paid else "failed",
        }
    )
    joint = "&" if "?" in intent["_return_url"] else "?"
    return RedirectResponse(f"{intent['_return_url']}{joint}{query}", status_code=303)


def _gone(pages: Pages, request: Request) -> str:
    return pages.text(request, "challenge_gone")
