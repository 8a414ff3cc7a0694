"""Payment intents: the operations; what confirming does is in `intent_attempts`."""

from typing import Any

from standins.stripe.call import Call, Operation
from standins.stripe.errors import StripeError, invalid_request, not_authenticated, not_built
from standins.stripe.presentation import listed, merge_metadata, new_metadata, present
from standins.stripe.resources import intent_attempts as attempts
from standins.stripe.resources.intent_attempts import UNCONFIRMED, Attempt, Status
from standins.stripe.resources.payment_methods import card_of, usable_payment_method
from standins.stripe.shape import JsonObject

_NOT_BUILT = (
    "application_fee_amount",
    "confirmation_token",
    "hooks",
    "mandate",
    "mandate_data",
    "on_behalf_of",
    "payment_method_data",
    "transfer_data",
    "amount_details",
)
_PLAIN = (
    "description",
    "receipt_email",
    "setup_future_usage",
    "shipping",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
)
_SMALLEST = {"eur": 50, "usd": 50, "chf": 50, "gbp": 30}
_LARGEST = 99_999_999


def create(call: Call) -> JsonObject:
    """Create an intent, and confirm it at once if asked."""
    _refuse_not_built(call)
    params = call.params
    intent = _new_intent(call)
    _choose_customer(call, intent)
    if method := call.text("payment_method"):
        intent |= {"payment_method": _method(call, intent, method)["id"], "status": Status.REQUIRES_CONFIRMATION}
    call.unit.session.add("payment_intent", call.account, intent)
    call.unit.events.emit("payment_intent.created", intent, account=call.account)
    if params.get("confirm"):
        return _confirm(call, intent)
    if "return_url" in params or "off_session" in params:
        name = "return_url" if "return_url" in params else "off_session"
        raise invalid_request(f"You can only set `{name}` when `confirm` is true.", param=name)
    return present(call.unit, intent)


def retrieve(call: Call) -> JsonObject:
    """Return an intent; with a publishable key only against its client secret."""
    return present(call.unit, _required(call))


def update(call: Call) -> JsonObject:
    """Change an intent; what it costs and who pays only before it is confirmed."""
    _refuse_not_built(call)
    intent = _required(call)
    changes_payment = {"amount", "currency", "customer", "payment_method"} & call.params.keys()
    if changes_payment and intent["status"] not in UNCONFIRMED:
        raise attempts.unexpected_state(intent, "updated", UNCONFIRMED)
    _apply_update(call, intent)
    call.unit.session.touch(intent)
    return present(call.unit, intent)


def confirm(call: Call) -> JsonObject:
    """Confirm an intent with its payment method or a new one."""
    _refuse_not_built(call)
    return _confirm(call, _required(call))


def capture(call: Call) -> JsonObject:
    """Capture an authorised intent, in part if asked."""
    _refuse_not_built(call)
    intent = _required(call)
    if intent["status"] != Status.REQUIRES_CAPTURE:
        raise attempts.unexpected_state(intent, "captured", (Status.REQUIRES_CAPTURE,))
    amount = int(
        call.params["amount_to_capture"] if "amount_to_capture" in call.params else intent["amount_capturable"]
    )
    if not 0 < amount <= intent["amount_capturable"]:
        message = f"Invalid amount_to_capture: must be between 1 and {intent['amount_capturable']}"
        raise invalid_request(message, code="parameter_invalid_integer", param="amount_to_capture")
    if "metadata" in call.params:
        merge_metadata(intent, call.params["metadata"])
    attempts.capture(call.unit, intent, amount, account=call.account)
    return present(call.unit, intent)


def cancel(call: Call) -> JsonObject:
    """Cancel an intent that is not final."""
    intent = _required(call)
    cancellable = (*UNCONFIRMED, Status.PROCESSING, Status.REQUIRES_CAPTURE)
    if intent["status"] not in cancellable:
        raise attempts.unexpected_state(intent, "canceled", cancellable)
    attempts.cancel(call.unit, intent, call.text("cancellation_reason"), account=call.account)
    return present(call.unit, intent)


def list_intents(call: Call) -> JsonObject:
    """List intents, by customer if asked."""
    return listed(call, "payment_intent", url="/v1/payment_intents", filters={"customer": call.text("customer")})


def _required(call: Call) -> JsonObject:
    intent = call.require("payment_intent", "payment_intent", call.path["id"], param="intent")
    secret = call.params.get("client_secret")
    if secret is not None and secret != intent["client_secret"]:
        message = "The client_secret provided does not match the client_secret associated with the PaymentIntent."
        raise invalid_request(message, code="payment_intent_invalid_parameter", param="client_secret")
    if call.is_publishable and secret is None:
        raise not_authenticated("A publishable key can use a PaymentIntent only with its client_secret.")
    return intent


def _confirm(call: Call, intent: JsonObject) -> JsonObject:
    if intent["status"] not in UNCONFIRMED:
        raise attempts.unexpected_state(intent, "confirmed", UNCONFIRMED)
    attempt = _attempt(call, intent)
    for name in ("receipt_email", "setup_future_usage", "shipping"):
        if call.params.get(name):
            intent[name] = call.params[name]
    decline = attempts.confirm(call.unit, attempt)
    if decline is not None:
        raise decline
    if intent["status"] in (Status.SUCCEEDED, Status.REQUIRES_CAPTURE):
        call.answering = card_of(attempt.method).answering
    return present(call.unit, intent)


def _attempt(call: Call, intent: JsonObject) -> Attempt:
    identifier = call.text("payment_method") or intent["payment_method"]
    if identifier is None:
        message = (
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the"
            " PaymentIntent with a payment method and then confirm it again, or confirm it again directly with one."
        )
        raise invalid_request(
            message, code="payment_intent_unexpected_state", payment_intent=present(call.unit, intent)
        )
    _require_return_url(call, intent)
    intent["_return_url"] = call.text("return_url")
    options = (call.params.get("payment_method_options") or {}).get("card") or {}
    return Attempt(
        intent,
        call.account,
        _method(call, intent, identifier),
        off_session=_is_off_session(call.params.get("off_session")),
        wants_challenge=options.get("request_three_d_secure") in ("any", "challenge"),
        refuses_challenge=bool(call.params.get("error_on_requires_action")),
    )


def _require_return_url(call: Call, intent: JsonObject) -> None:
    automatic = intent["automatic_payment_methods"]
    may_redirect = automatic is not None and automatic["allow_redirects"] == "always"
    if may_redirect and not call.text("return_url") and not _is_off_session(call.params.get("off_session")):
        raise invalid_request(
            "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these"
            " payment methods might redirect your customer off of your page, you must provide a `return_url`. If you"
            " don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and"
            " `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
            param="return_url",
        )


def _is_off_session(given: Any) -> bool:
    return given in (True, "true", "one_off", "recurring")


def _method(call: Call, intent: JsonObject, identifier: str) -> JsonObject:
    method = usable_payment_method(call, identifier)
    if method["customer"] is not None and method["customer"] != intent["customer"]:
        raise invalid_request(
            f"The customer does not have a payment method with the ID {identifier}. The payment method must be attached"
            " to the customer.",
            param="payment_method",
        )
    return method


def _new_intent(call: Call) -> JsonObject:
    params = call.params
    identifier = call.unit.new_id("pi")
    intent: JsonObject = {
        "id": identifier,
        "object": "payment_intent",
        "amount": _amount(params["amount"], params["currency"]),
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": _automatic(params),
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": params.get("capture_method", "automatic_async"),
        "client_secret": f"{identifier}_secret_{call.unit.new_id('s')[2:]}",
        "confirmation_method": params.get("confirmation_method", "automatic"),
        "created": call.unit.now,
        "currency": params["currency"].lower(),
        "customer": None,
        "customer_account": None,
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": new_metadata(call),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {"card": {"installments": None, "mandate_options": None, "network": None}},
        "payment_method_types": params.get("payment_method_types") or ["card"],
        "processing": None,
        "review": None,
        "source": None,
        "status": Status.REQUIRES_PAYMENT_METHOD,
        "transfer_data": None,
        "_return_url": None,
    }
    intent["payment_method_options"]["card"]["request_three_d_secure"] = "automatic"
    return intent | {name: params.get(name) for name in _PLAIN}


def _automatic(params: JsonObject) -> JsonObject | None:
    given = params.get("automatic_payment_methods")
    if given is None:
        # Since 2023-08-16 this is Stripe's default when no method types are named.
        return None if params.get("payment_method_types") else {"allow_redirects": "always", "enabled": True}
    if not given["enabled"]:
        return None
    return {"allow_redirects": given.get("allow_redirects", "always"), "enabled": True}


def _amount(amount: int, currency: str) -> int:
    smallest = _SMALLEST.get(currency.lower(), 1)
    if amount < smallest:
        code = "amount_too_small" if amount > 0 else "parameter_invalid_integer"
        raise _bad_amount(f"Amount must be at least {smallest} {currency.lower()} minor units", code)
    if amount > _LARGEST:
        raise _bad_amount(f"Amount must be no more than {_LARGEST} {currency.lower()} minor units", "amount_too_large")
    return amount


def _bad_amount(message: str, code: str) -> StripeError:
    return invalid_request(message, code=code, param="amount")


def _choose_customer(call: Call, intent: JsonObject) -> None:
    if identifier := call.text("customer"):
        intent["customer"] = call.require("customer", "customer", identifier, param="customer")["id"]


def _apply_update(call: Call, intent: JsonObject) -> None:
    params = call.params
    if "amount" in params or "currency" in params:
        currency = str(params.get("currency", intent["currency"])).lower()
        amount = params["amount"] if "amount" in params else intent["amount"]
        intent |= {"amount": _amount(amount, currency), "currency": currency}
    _choose_customer(call, intent)
    for name in _PLAIN:
        if name in params:
            intent[name] = params[name] or None
    if "metadata" in params:
        merge_metadata(intent, params["metadata"])
    if method := call.text("payment_method"):
        intent |= {"payment_method": _method(call, intent, method)["id"], "status": Status.REQUIRES_CONFIRMATION}


def _refuse_not_built(call: Call) -> None:
    for name in _NOT_BUILT:
        if call.params.get(name):
            raise not_built(f"the parameter {name} of payment intents", param=name)


OPERATIONS = (
    Operation("POST", "/v1/payment_intents", create, "payment_intent_create"),
    Operation("GET", "/v1/payment_intents", list_intents, "payment_intent_list"),
    Operation("GET", "/v1/payment_intents/{id}", retrieve, "payment_intent_retrieve", allows_publishable=True),
    Operation("POST", "/v1/payment_intents/{id}", update, "payment_intent_update"),
    Operation("POST", "/v1/payment_intents/{id}/confirm", confirm, "payment_intent_confirm", allows_publishable=True),
    Operation("POST", "/v1/payment_intents/{id}/capture", capture, "payment_intent_capture"),
    Operation("POST", "/v1/payment_intents/{id}/cancel", cancel, "payment_intent_cancel"),
)
