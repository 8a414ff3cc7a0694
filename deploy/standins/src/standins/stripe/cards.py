"""Stripe's test cards and our own `pm_standin_*`: which number or id behaves how.

Source: Stripe's testing page as quoted in `payments.md` 5.3. Cards whose behaviour is not built are refused by name.
"""

from dataclasses import dataclass
from enum import StrEnum


class Authentication(StrEnum):
    """When a card asks for 3-D Secure."""

    NEVER = "never"
    ALWAYS = "always"
    FAILS_LOOKUP = "fails_lookup"


class Answering(StrEnum):
    """How the stand-in answers the request that charged the card."""

    NORMAL = "normal"
    SLOW = "slow"
    CUT = "cut"
    TIMEOUT = "timeout"
    ERROR = "error"


class RefundOutcome(StrEnum):
    """What becomes of a refund to the card."""

    SUCCEEDS = "succeeds"
    PENDING = "pending"
    FAILS = "fails"


@dataclass(frozen=True)
class Card:
    """One test card; `decline` is (code, decline_code), None when charging succeeds."""

    number: str
    ids: tuple[str, ...]
    brand: str = "visa"
    decline: tuple[str, str | None] | None = None
    authentication: Authentication = Authentication.NEVER
    answering: Answering = Answering.NORMAL
    refund: RefundOutcome = RefundOutcome.SUCCEEDS
    bypasses_pending: bool = False
    is_set_up: bool = False

    @property
    def last4(self) -> str:
        """Return the last four digits."""
        return self.number[-4:]


_ALWAYS = Authentication.ALWAYS

CARDS: tuple[Card, ...] = (
    Card("4242424242424242", ("pm_card_visa", "pm_card_fr", "pm_card_threeDSecureOptional")),
    Card("4000002500000003", ("pm_card_visa_debit",)),
    Card("5555555555554444", ("pm_card_mastercard",), brand="mastercard"),
    Card("378282246310005", ("pm_card_amex",), brand="amex"),
    Card(
        "4000000000000002",
        ("pm_card_visa_chargeDeclined", "pm_card_chargeDeclined"),
        decline=("card_declined", "generic_decline"),
    ),
    Card(
        "4000000000009995",
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "pm_card_chargeDeclinedInsufficientFunds"),
        decline=("card_declined", "insufficient_funds"),
    ),
    Card(
        "4000000000009987",
        ("pm_card_visa_chargeDeclinedLostCard", "pm_card_chargeDeclinedLostCard"),
        decline=("card_declined", "lost_card"),
    ),
    Card(
        "4000000000009979",
        ("pm_card_visa_chargeDeclinedStolenCard", "pm_card_chargeDeclinedStolenCard"),
        decline=("card_declined", "stolen_card"),
    ),
    Card(
        "4000000000000069",
        ("pm_card_chargeDeclinedExpiredCard", "pm_card_visa_chargeDeclinedExpiredCard"),
        decline=("expired_card", None),
    ),
    Card(
        "4000000000000127",
        ("pm_card_chargeDeclinedIncorrectCvc", "pm_card_visa_chargeDeclinedIncorrectCvc"),
        decline=("incorrect_cvc", None),
    ),
    Card(
        "4000000000000119",
        ("pm_card_chargeDeclinedProcessingError", "pm_card_visa_chargeDeclinedProcessingError"),
        decline=("processing_error", None),
    ),
    Card("4000000000000341", ("pm_card_chargeCustomerFail",), decline=("card_declined", "generic_decline")),
    Card("4100000000000019", ("pm_card_radarBlock",), decline=("card_declined", "fraudulent")),
    Card("4000002500003155", ("pm_card_authenticationRequiredOnSetup",), authentication=_ALWAYS),
    Card("4000002760003184", ("pm_card_authenticationRequired",), authentication=_ALWAYS),
    Card(
        "4000003800000446",
        ("pm_card_authenticationRequiredSetupForOffSession",),
        authentication=_ALWAYS,
        is_set_up=True,
    ),
    Card(
        "4000008260003178",
        ("pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",),
        authentication=_ALWAYS,
        decline=("card_declined", "insufficient_funds"),
    ),
    Card("4000000000003220", ("pm_card_threeDSecure2Required",), authentication=_ALWAYS),
    Card("4000000000003063", ("pm_card_threeDSecureRequired",), authentication=_ALWAYS),
    Card(
        "4000008400001629",
        ("pm_card_threeDSecureRequiredChargeDeclined",),
        authentication=_ALWAYS,
        decline=("card_declined", "generic_decline"),
    ),
    Card(
        "4000008400001280",
        ("pm_card_threeDSecureRequiredProcessingError",),
        authentication=Authentication.FAILS_LOOKUP,
        decline=("card_declined", "generic_decline"),
    ),
    Card("4000000000003055", ()),
    Card("4000000000000077", ("pm_card_bypassPending",), bypasses_pending=True),
    Card("4000003720000278", ("pm_card_bypassPendingInternational",), bypasses_pending=True),
    Card("4000000000007726", ("pm_card_pendingRefund",), refund=RefundOutcome.PENDING),
    Card("4000000000005126", ("pm_card_refundFail",), refund=RefundOutcome.FAILS),
    Card("4000009990000013", ("pm_standin_slow",), answering=Answering.SLOW),
    Card("4000009990000021", ("pm_standin_cut_after_success",), answering=Answering.CUT),
    Card("4000009990000039", ("pm_standin_timeout_after_success",), answering=Answering.TIMEOUT),
    Card("4000009990000047", ("pm_standin_error_after_success",), answering=Answering.ERROR),
    Card("4000009990000054", ("pm_standin_3ds",), authentication=_ALWAYS),
)

NOT_BUILT = frozenset(
    [
        "4000000000000259",
        "4000000000002685",
        "4000000000001976",
        "4000000404000079",
        "4000000404004816",
        "4000000000005423",
        "pm_card_createDispute",
        "pm_card_createDisputeProductNotReceived",
        "pm_card_createDisputeInquiry",
        "pm_card_createMultipleDisputes",
        "pm_card_createRapidDisputeResolutionDispute",
        "pm_card_createIssuerFraudRecord",
    ]
)
"""Cards that open disputes or warnings; refused rather than charged without their effect."""

BY_NUMBER = {card.number: card for card in CARDS}
BY_ID = {identifier: card for card in CARDS for identifier in card.ids}

DECLINE_MESSAGES = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "lost_card": "Your card was declined.",
    "stolen_card": "Your card was declined.",
    "fraudulent": "Your card was declined.",
    "authentication_required": "Your card was declined. This transaction requires authentication.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
}


def passes_luhn(number: str) -> bool:
    """Say whether the number's check digit is right."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
