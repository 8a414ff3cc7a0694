"""The status machine of a payment intent: confirming, authenticating, declining, capturing, cancelling.

Source: `payments.md` 4.1 and 5.2.5. The API operations, the 3-D Secure page and the clock all come through here.
"""

from dataclasses import dataclass
from enum import StrEnum

from standins.stripe.cards import BY_NUMBER, DECLINE_MESSAGES, Authentication, Card
from standins.stripe.errors import StripeError, card_error, invalid_request
from standins.stripe.events import public
from standins.stripe.resources.charges import capture_charge, mark_failed, new_charge, post_charge
from standins.stripe.resources.payment_methods import card_of
from standins.stripe.shape import JsonObject
from standins.stripe.unit import Unit

AUTHORISATION_SECONDS = 7 * 86_400


class Status(StrEnum):
    """Statuses of an intent."""

    REQUIRES_PAYMENT_METHOD = "requires_payment_method"
    REQUIRES_CONFIRMATION = "requires_confirmation"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    REQUIRES_CAPTURE = "requires_capture"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"


UNCONFIRMED = (Status.REQUIRES_PAYMENT_METHOD, Status.REQUIRES_CONFIRMATION, Status.REQUIRES_ACTION)


@dataclass(frozen=True)
class Attempt:
    """One confirmation: the intent of an account, and the method it is paid with."""

    intent: JsonObject
    account: str
    method: JsonObject
    off_session: bool = False
    wants_challenge: bool = False
    refuses_challenge: bool = False

    @property
    def card(self) -> Card:
        """Return the test card behind the method."""
        return card_of(self.method)


def unexpected_state(intent: JsonObject, doing: str, allowed: tuple[str, ...]) -> StripeError:
    """Return the 400 for a call that the intent's status does not allow."""
    message = (
        f"This PaymentIntent's status is {intent['status']}, so it cannot be {doing}; only a PaymentIntent with one of"
        f" the following statuses can: {', '.join(allowed)}."
    )
    return invalid_request(message, code="payment_intent_unexpected_state", payment_intent=public(intent))


def confirm(unit: Unit, attempt: Attempt) -> StripeError | None:
    """Try to pay; a decline is returned, not raised, because its traces stay."""
    intent, card = attempt.intent, attempt.card
    intent |= {"payment_method": attempt.method["id"], "last_payment_error": None, "next_action": None}
    unit.session.touch(intent)
    if not _needs_challenge(attempt, card):
        return _charge(unit, attempt)
    if attempt.off_session or attempt.refuses_challenge:
        return _decline(unit, attempt, ("authentication_required", "authentication_required"))
    if card.authentication == Authentication.FAILS_LOOKUP:
        return _decline(unit, attempt, ("card_declined", "generic_decline"))
    _require_action(unit, intent, account=attempt.account)
    return None


def authenticate(unit: Unit, attempt: Attempt, *, passed: bool) -> StripeError | None:
    """Take the result of 3-D Secure for an intent that waits for it."""
    intent = attempt.intent
    intent["next_action"] = None
    unit.session.touch(intent)
    if passed:
        intent["_authenticated"] = True
        return _charge(unit, attempt)
    message = (
        "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new"
        " PaymentMethod to attempt to fulfill this PaymentIntent again."
    )
    error = {"type": "invalid_request_error", "code": "payment_intent_authentication_failure", "message": message}
    return _fail(unit, attempt, error)


def capture(unit: Unit, intent: JsonObject, amount: int, *, account: str) -> None:
    """Capture an authorised intent once; the rest of the authorisation is released."""
    charge = _latest_charge(unit, intent)
    capture_charge(charge, amount)
    post_charge(unit, charge, account=account, bypasses_pending=_bypasses_pending(charge))
    intent |= {"status": Status.SUCCEEDED, "amount_capturable": 0, "amount_received": amount}
    unit.session.touch(intent)
    unit.events.emit("charge.captured", charge, account=account)
    unit.events.emit("payment_intent.succeeded", intent, account=account)


def cancel(unit: Unit, intent: JsonObject, reason: str | None, *, account: str) -> None:
    """Cancel an intent that is not final; an authorisation is released without any money having moved."""
    if intent["status"] == Status.REQUIRES_CAPTURE:
        charge = _latest_charge(unit, intent)
        charge |= {"refunded": True, "amount_refunded": charge["amount"]}
        unit.session.touch(charge)
        unit.events.emit("charge.expired" if reason == "automatic" else "charge.refunded", charge, account=account)
    intent |= {
        "status": Status.CANCELED,
        "amount_capturable": 0,
        "canceled_at": unit.now,
        "cancellation_reason": reason,
        "next_action": None,
    }
    unit.session.touch(intent)
    unit.events.emit("payment_intent.canceled", intent, account=account)


def expire_authorisation(unit: Unit, intent: JsonObject, *, account: str) -> None:
    """Let an authorisation end that nobody captured in time."""
    if intent["status"] == Status.REQUIRES_CAPTURE:
        cancel(unit, intent, "automatic", account=account)


def post_late(unit: Unit, charge: JsonObject, *, account: str) -> None:
    """Fill the balance transaction of an `automatic_async` charge."""
    if charge["balance_transaction"] is None:
        post_charge(unit, charge, account=account, bypasses_pending=_bypasses_pending(charge))
        unit.events.emit("charge.updated", charge, previous={"balance_transaction": None}, account=account)


def _needs_challenge(attempt: Attempt, card: Card) -> bool:
    if attempt.off_session and card.is_set_up:
        return False
    return attempt.wants_challenge or card.authentication != Authentication.NEVER


def _require_action(unit: Unit, intent: JsonObject, *, account: str) -> None:
    secret = intent["client_secret"]
    url = f"{unit.settings.public_url}/3ds/{intent['id']}?secret={secret}"
    intent["status"] = Status.REQUIRES_ACTION
    intent["next_action"] = {
        "type": "redirect_to_url",
        "redirect_to_url": {"url": url, "return_url": intent["_return_url"]},
    }
    unit.events.emit("payment_intent.requires_action", intent, account=account)


def _charge(unit: Unit, attempt: Attempt) -> StripeError | None:
    intent, card = attempt.intent, attempt.card
    if card.decline is not None:
        return _decline(unit, attempt, card.decline)
    is_manual = intent["capture_method"] == "manual"
    if is_manual:
        intent["_capture_before"] = unit.now + AUTHORISATION_SECONDS
    charge = new_charge(unit, intent, method=attempt.method, card=card, account=attempt.account)
    intent["latest_charge"] = charge["id"]
    _settle_method(unit, attempt)
    if is_manual:
        _authorise(unit, intent, charge, account=attempt.account)
    else:
        _collect(unit, intent, charge, account=attempt.account)
    return None


def _authorise(unit: Unit, intent: JsonObject, charge: JsonObject, *, account: str) -> None:
    intent |= {"status": Status.REQUIRES_CAPTURE, "amount_capturable": intent["amount"]}
    unit.plan("expire_authorisation", intent["id"], after=AUTHORISATION_SECONDS)
    unit.events.emit("charge.succeeded", charge, account=account)
    unit.events.emit("payment_intent.amount_capturable_updated", intent, account=account)


def _collect(unit: Unit, intent: JsonObject, charge: JsonObject, *, account: str) -> None:
    capture_charge(charge, intent["amount"])
    if intent["capture_method"] == "automatic":
        post_charge(unit, charge, account=account, bypasses_pending=_bypasses_pending(charge))
    else:
        unit.plan("post_charge", charge["id"], after=unit.settings.async_seconds)
    intent |= {"status": Status.SUCCEEDED, "amount_received": intent["amount"]}
    unit.events.emit("charge.succeeded", charge, account=account)
    unit.events.emit("payment_intent.succeeded", intent, account=account)


def _settle_method(unit: Unit, attempt: Attempt) -> None:
    """Attach the method when asked to save it; otherwise a method without a customer is used up."""
    intent, method = attempt.intent, attempt.method
    if method["customer"] is None:
        if intent["setup_future_usage"] and intent["customer"]:
            method["customer"] = intent["customer"]
            unit.events.emit("payment_method.attached", method, account=attempt.account)
        else:
            method["_detached"] = True
        unit.session.touch(method)


def _decline(unit: Unit, attempt: Attempt, decline: tuple[str, str | None]) -> StripeError:
    code, decline_code = decline
    message = DECLINE_MESSAGES[decline_code or code]
    charge = new_charge(unit, attempt.intent, method=attempt.method, card=attempt.card, account=attempt.account)
    mark_failed(charge, code=code, decline_code=decline_code, message=message)
    attempt.intent["latest_charge"] = charge["id"]
    unit.events.emit("charge.failed", charge, account=attempt.account)
    error = {"type": "card_error", "code": code, "message": message, "charge": charge["id"]}
    return _fail(unit, attempt, error | ({"decline_code": decline_code} if decline_code else {}))


def _fail(unit: Unit, attempt: Attempt, error: JsonObject) -> StripeError:
    intent = attempt.intent
    method = public(attempt.method)
    intent |= {
        "status": Status.REQUIRES_PAYMENT_METHOD,
        "payment_method": None,
        "last_payment_error": error | {"payment_method": method},
    }
    unit.session.touch(intent)
    unit.events.emit("payment_intent.payment_failed", intent, account=attempt.account)
    return card_error(error | {"payment_method": method, "payment_intent": public(intent)})


def _latest_charge(unit: Unit, intent: JsonObject) -> JsonObject:
    charge = unit.session.get("charge", intent["latest_charge"])
    if charge is None:
        raise LookupError(f"intent {intent['id']} has lost its charge")
    return charge


def _bypasses_pending(charge: JsonObject) -> bool:
    return BY_NUMBER[charge["_number"]].bypasses_pending
