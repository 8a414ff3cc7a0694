"""Payment methods: test cards by id or by number, attached to customers or used once."""

from standins.stripe.call import Call, Operation
from standins.stripe.cards import BY_ID, BY_NUMBER, NOT_BUILT, Card, passes_luhn
from standins.stripe.errors import StripeError, invalid_request, not_built, resource_missing
from standins.stripe.presentation import listed, merge_metadata, new_metadata, present
from standins.stripe.shape import JsonObject
from standins.stripe.unit import Unit

_NO_BILLING: JsonObject = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}
_NO_ADDRESS = {"city": None, "country": None, "line1": None, "line2": None, "postal_code": None, "state": None}


def create(call: Call) -> JsonObject:
    """Create a card payment method from a test number or token."""
    if call.params.get("type", "card") != "card":
        raise not_built(f"payment methods of type {call.params.get('type')}", param="type")
    given = call.params.get("card") or {}
    body = new_payment_method(call.unit, _card(given), account=call.account, expiry=_expiry(given))
    body["billing_details"] = billing_details(call.params.get("billing_details"))
    body["metadata"] = new_metadata(call)
    body["allow_redisplay"] = call.params.get("allow_redisplay", "unspecified")
    return present(call.unit, body)


def retrieve(call: Call) -> JsonObject:
    """Return a payment method."""
    return present(call.unit, call.require("payment_method", "PaymentMethod", call.path["id"]))


def update(call: Call) -> JsonObject:
    """Change billing details, metadata or redisplay."""
    body = call.require("payment_method", "PaymentMethod", call.path["id"])
    if "metadata" in call.params:
        merge_metadata(body, call.params["metadata"])
    if "billing_details" in call.params:
        body["billing_details"] = billing_details(call.params["billing_details"])
    if call.params.get("allow_redisplay"):
        body["allow_redisplay"] = call.params["allow_redisplay"]
    call.unit.session.touch(body)
    call.unit.events.emit("payment_method.updated", body, previous={}, account=call.account)
    return present(call.unit, body)


def attach(call: Call) -> JsonObject:
    """Attach to a customer; a card that declines on attachment leaves it unattached."""
    body = usable_payment_method(call, call.path["id"])
    if not call.text("customer"):
        raise invalid_request("Missing required param: customer.", code="parameter_missing", param="customer")
    customer = call.require("customer", "customer", call.params["customer"], param="customer")
    if body["customer"] not in (None, customer["id"]):
        raise invalid_request("The payment method you provided has already been attached to a customer.")
    body["customer"] = customer["id"]
    call.unit.session.touch(body)
    call.unit.events.emit("payment_method.attached", body, account=call.account)
    return present(call.unit, body)


def detach(call: Call) -> JsonObject:
    """Detach for good."""
    body = call.require("payment_method", "PaymentMethod", call.path["id"])
    if body["customer"] is None:
        raise invalid_request(
            "The payment method you provided is not attached to a customer so detachment is impossible."
        )
    previous = {"customer": body["customer"]}
    body["customer"] = None
    body["_detached"] = True
    call.unit.session.touch(body)
    call.unit.events.emit("payment_method.detached", body, previous=previous, account=call.account)
    return present(call.unit, body)


def list_payment_methods(call: Call) -> JsonObject:
    """List the account's payment methods, by customer if asked."""
    return listed(call, "payment_method", url="/v1/payment_methods", filters={"customer": call.text("customer")})


def usable_payment_method(call: Call, identifier: str) -> JsonObject:
    """Return the payment method to charge; a `pm_card_*` test id becomes a fresh one, as at Stripe."""
    if identifier in NOT_BUILT:
        raise not_built(f"the card {identifier}", param="payment_method")
    card = BY_ID.get(identifier)
    if card is not None:
        return new_payment_method(call.unit, card, account=call.account)
    body = call.unit.session.get("payment_method", identifier, call.account)
    if body is None:
        raise resource_missing("PaymentMethod", identifier, param="payment_method")
    if body.get("_detached"):
        raise invalid_request(
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with"
            " a connected account without Customer attachment, or was detached from a Customer. It may not be used again.",
            code="payment_method_unexpected_state",
        )
    return body


def card_of(body: JsonObject) -> Card:
    """Return the test card behind a payment method."""
    return BY_NUMBER[body["_number"]]


def new_payment_method(unit: Unit, card: Card, *, account: str, expiry: tuple[int, int] = (12, 2034)) -> JsonObject:
    """Store a payment method of a test card."""
    body: JsonObject = {
        "id": unit.new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": billing_details(None),
        "card": card_shape(card, expiry),
        "created": unit.now,
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
        "_number": card.number,
    }
    return unit.session.add("payment_method", account, body)


def card_shape(card: Card, expiry: tuple[int, int]) -> JsonObject:
    """Return the `card` part of a payment method."""
    return {
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "FR",
        "display_brand": card.brand,
        "exp_month": expiry[0],
        "exp_year": expiry[1],
        "fingerprint": f"standin{card.number[-9:]}",
        "funding": "credit",
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def billing_details(given: JsonObject | None) -> JsonObject:
    """Return complete billing details."""
    details = _NO_BILLING | {name: value or None for name, value in (given or {}).items()}
    return details | {"address": _NO_ADDRESS | (details["address"] or {})}


def _card(given: JsonObject) -> Card:
    token = given.get("token")
    if token:
        card = BY_ID.get("pm_card_" + token.removeprefix("tok_"))
        if card is None:
            raise resource_missing("token", token, param="card[token]")
        return card
    number = str(given.get("number", "")).replace(" ", "")
    if number in NOT_BUILT:
        raise not_built(f"the card {number}", param="card[number]")
    if number not in BY_NUMBER:
        raise _unknown_number(number)
    return BY_NUMBER[number]


def _unknown_number(number: str) -> StripeError:
    """Never take a card that could be real: only test numbers exist here."""
    if number.isdigit() and passes_luhn(number):
        message = "Your card was declined. This is the Stripe stand-in: it knows Stripe's test cards only."
        error = {
            "type": "card_error",
            "code": "card_declined",
            "decline_code": "live_mode_test_card",
            "message": message,
        }
    else:
        error = {"type": "card_error", "code": "incorrect_number", "message": "Your card number is incorrect."}
    return StripeError(402, error | {"param": "number"})


def _expiry(given: JsonObject) -> tuple[int, int]:
    return int(given.get("exp_month") or 12), int(given.get("exp_year") or 2034)


OPERATIONS = (
    Operation("POST", "/v1/payment_methods", create, "payment_method_create", allows_publishable=True),
    Operation("GET", "/v1/payment_methods", list_payment_methods, "payment_method_list"),
    Operation("GET", "/v1/payment_methods/{id}", retrieve, "payment_method_retrieve"),
    Operation("POST", "/v1/payment_methods/{id}", update, "payment_method_update"),
    Operation("POST", "/v1/payment_methods/{id}/attach", attach, "payment_method_attach"),
    Operation("POST", "/v1/payment_methods/{id}/detach", detach, "payment_method_detach"),
)
