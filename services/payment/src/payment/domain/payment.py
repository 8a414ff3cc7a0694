"""An order's payment: what changes it, what it tells, and what has to be asked of the provider next.

The provider's intent is the truth; ``reflect`` copies it forwards. ``next_step`` looks at the facts alone, so a crash, a
repeated command or a late webhook always ends in the same next call.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from contracts.event import Event
from contracts.payment import (
    PaymentActionRequired,
    PaymentAuthorised,
    PaymentCaptured,
    PaymentCaptureFailed,
    PaymentDeclined,
    PaymentRefunded,
    PaymentVoided,
)
from contracts.values import Money
from payment.domain.facts import Intent, IntentStatus

NEVER_TRIED = -1


class State(StrEnum):
    """payments.md 4.2, the part without partial refunds and disputes."""

    INITIATED = "initiated"
    ACTION_REQUIRED = "action_required"
    PROCESSING = "processing"
    FAILED = "failed"
    AUTHORISED = "authorised"
    PAID = "paid"
    VOIDED = "voided"
    EXPIRED = "expired"
    REFUNDED = "refunded"


OPEN = (State.INITIATED, State.ACTION_REQUIRED, State.PROCESSING, State.FAILED)
"""The buyer may still pay."""
CHARGEABLE = (State.INITIATED, State.ACTION_REQUIRED, State.FAILED)
"""A card can be tried."""
CLOSED = (State.VOIDED, State.EXPIRED)
"""Nothing is held and nothing will be."""


class Step(StrEnum):
    """The next thing to ask of the provider. ``VOID`` needs no call: the provider never heard of this payment."""

    CREATE_INTENT = "create-intent"
    CONFIRM_INTENT = "confirm-intent"
    CAPTURE_INTENT = "capture-intent"
    CANCEL_INTENT = "cancel-intent"
    REFUND = "refund"
    VOID = "void"


@dataclass(slots=True)
class Payment:
    """One row of ``payments``, locked while it is here; ``has_open_operation``: a call about it is under way.

    ``attempt`` is the newest card that was asked for, ``tried_attempt`` the newest that went to the provider, and
    ``told_attempt`` the newest whose outcome was published. ``buyer_id`` is absent when a cancellation came first.
    """

    order_id: str
    payment_id: str
    buyer_id: str | None
    currency: str
    amount: int
    state: State
    attempt: int
    payment_method: str | None
    tried_attempt: int = NEVER_TRIED
    told_attempt: int = NEVER_TRIED
    intent_id: str | None = None
    charge_id: str | None = None
    redirect_url: str | None = None
    decline_reason: str | None = None
    fee: int | None = None
    is_capture_asked: bool = False
    is_cancel_asked: bool = False
    is_refund_pending: bool = False
    has_open_operation: bool = False
    sequence: int = 0

    @property
    def money(self) -> Money:
        return Money(amount=self.amount, currency=self.currency)


def next_step(payment: Payment) -> Step | None:
    """Decide the one call that is due now, or None. One call at a time per payment; cancelling comes first."""
    if payment.has_open_operation:
        return None
    if payment.is_cancel_asked:
        return _way_back(payment)
    if payment.state is State.AUTHORISED:
        return Step.CAPTURE_INTENT if payment.is_capture_asked else None
    if payment.state in CHARGEABLE and payment.attempt > payment.tried_attempt:
        return Step.CONFIRM_INTENT if payment.intent_id else Step.CREATE_INTENT
    return None


def _way_back(payment: Payment) -> Step | None:
    if payment.state is State.PAID:
        return None if payment.is_refund_pending else Step.REFUND
    if payment.state in OPEN or payment.state is State.AUTHORISED:
        return Step.CANCEL_INTENT if payment.intent_id else Step.VOID
    return None


def reflect(payment: Payment, intent: Intent) -> Sequence[Event]:
    """Copy the provider's truth into the payment, only forwards, and return what it tells the world.

    Each transition is told once, whichever of answer, webhook and return page comes first.
    """
    payment.charge_id = intent.charge_id or payment.charge_id
    match intent.status:
        case IntentStatus.REQUIRES_ACTION:
            return _needs_action(payment, intent)
        case IntentStatus.REQUIRES_CAPTURE:
            return _authorised(payment)
        case IntentStatus.SUCCEEDED:
            return _captured(payment)
        case IntentStatus.CANCELED:
            return _lapsed(payment)
        case IntentStatus.PROCESSING if payment.state in OPEN:
            payment.state = State.PROCESSING
        case IntentStatus.REQUIRES_PAYMENT_METHOD if payment.state in (State.ACTION_REQUIRED, State.PROCESSING):
            return decline(payment, intent.decline_reason or "authentication_failed")
        case _:
            pass
    return ()


def begin_attempt(payment: Payment) -> None:
    """The newest card goes to the provider now; whatever an older one was waiting for is over."""
    payment.tried_attempt = payment.attempt
    payment.state, payment.redirect_url, payment.decline_reason = State.INITIATED, None, None


def forget_attempt(payment: Payment) -> None:
    """The newest card never reached the provider's books: it is to be tried again."""
    payment.tried_attempt = payment.attempt - 1


def decline(payment: Payment, reason: str) -> Sequence[Event]:
    """The newest tried card was refused; another one may follow."""
    is_told = payment.state is State.FAILED and payment.told_attempt >= payment.tried_attempt
    if payment.state not in OPEN or is_told:
        return ()
    payment.state, payment.decline_reason, payment.redirect_url = State.FAILED, reason, None
    payment.told_attempt = payment.tried_attempt
    return (_declined(payment),)


def void(payment: Payment) -> Sequence[Event]:
    """Nothing is held any more, and nothing will be."""
    if payment.state not in OPEN and payment.state is not State.AUTHORISED:
        return ()
    payment.state = State.VOIDED if payment.state is State.AUTHORISED else State.EXPIRED
    payment.redirect_url = None
    return (PaymentVoided(order_id=payment.order_id),)


def refunded(payment: Payment) -> Sequence[Event]:
    """The buyer has everything back."""
    if payment.state is not State.PAID:
        return ()
    payment.state = State.REFUNDED
    return (_refunded(payment),)


def refuse_capture(payment: Payment, reason: str) -> PaymentCaptureFailed:
    """No money was taken, definitely. Asking again is a new decision of the order."""
    payment.is_capture_asked = False
    return PaymentCaptureFailed(order_id=payment.order_id, payment_id=payment.payment_id, reason=reason)


def outcome_of_attempt(payment: Payment, attempt: int) -> Event | None:
    """Repeat what was told about an attempt. None while it is under way, or when a newer card has replaced it."""
    if payment.state in CLOSED:
        return PaymentVoided(order_id=payment.order_id)
    if payment.state is State.REFUNDED:
        return _refunded(payment)
    if payment.state in (State.AUTHORISED, State.PAID):
        return PaymentAuthorised(order_id=payment.order_id, payment_id=payment.payment_id, amount=payment.money)
    if payment.told_attempt != attempt:
        return None
    if payment.state is State.FAILED:
        return _declined(payment)
    return _action_required(payment) if payment.state is State.ACTION_REQUIRED else None


def outcome_of_capture(payment: Payment) -> Event | None:
    """Repeat or decide the answer to a capture; None when it has to be asked of the provider first."""
    if payment.state is State.PAID:
        return _told_captured(payment)
    if payment.state is State.AUTHORISED and not payment.is_cancel_asked:
        return None
    return refuse_capture(payment, f"payment-{payment.state.value.replace('_', '-')}")


def outcome_of_cancel(payment: Payment) -> Event | None:
    """Repeat the answer to a cancellation; None while money may still be held or kept."""
    if payment.state in CLOSED:
        return PaymentVoided(order_id=payment.order_id)
    return _refunded(payment) if payment.state is State.REFUNDED else None


def _lapsed(payment: Payment) -> Sequence[Event]:
    """The hold is gone: a capture that waits for it has definitely failed."""
    is_awaited = payment.state is State.AUTHORISED and payment.is_capture_asked
    failed = (refuse_capture(payment, "authorisation-expired"),) if is_awaited else ()
    return (*failed, *void(payment))


def _needs_action(payment: Payment, intent: Intent) -> Sequence[Event]:
    is_told = payment.state is State.ACTION_REQUIRED and payment.told_attempt >= payment.tried_attempt
    if payment.state not in OPEN:
        return ()
    payment.redirect_url = intent.redirect_url
    if is_told:
        return ()
    payment.state, payment.told_attempt = State.ACTION_REQUIRED, payment.tried_attempt
    return (_action_required(payment),)


def _authorised(payment: Payment) -> Sequence[Event]:
    if payment.state not in OPEN:
        return ()
    payment.state, payment.told_attempt = State.AUTHORISED, payment.tried_attempt
    payment.redirect_url = payment.decline_reason = None
    return (PaymentAuthorised(order_id=payment.order_id, payment_id=payment.payment_id, amount=payment.money),)


def _captured(payment: Payment) -> Sequence[Event]:
    """Money that was taken counts from whatever state we were in, even after our own deadline (payments.md 4.2)."""
    if payment.state in (State.PAID, State.REFUNDED):
        return ()
    payment.state = State.PAID
    payment.redirect_url = payment.decline_reason = None
    return (_told_captured(payment),)


def _told_captured(payment: Payment) -> PaymentCaptured:
    return PaymentCaptured(order_id=payment.order_id, payment_id=payment.payment_id, amount=payment.money)


def _action_required(payment: Payment) -> PaymentActionRequired:
    return PaymentActionRequired(order_id=payment.order_id, payment_id=payment.payment_id, attempt=payment.told_attempt)


def _declined(payment: Payment) -> PaymentDeclined:
    return PaymentDeclined(
        order_id=payment.order_id,
        payment_id=payment.payment_id,
        attempt=payment.told_attempt,
        reason=payment.decline_reason or "card_declined",
    )


def _refunded(payment: Payment) -> PaymentRefunded:
    return PaymentRefunded(order_id=payment.order_id, payment_id=payment.payment_id, amount=payment.money)
