"""Which notices of the provider matter, and what is to be done about one."""

from enum import StrEnum

from payment.domain.payment import Payment, State

_HANDLED = ("payment_intent.", "charge.", "refund.", "account.", "v2.core.account", "balance.available")
_PAID = (State.PAID, State.REFUNDED)
_KNOWN_IN = {
    "payment_intent.succeeded": _PAID,
    "payment_intent.amount_capturable_updated": (State.AUTHORISED, *_PAID),
    "payment_intent.requires_action": (State.AUTHORISED, *_PAID),
    "payment_intent.payment_failed": (State.FAILED,),
    "payment_intent.canceled": (State.VOIDED, State.EXPIRED),
}


class Verdict(StrEnum):
    """``read``: only the provider can tell what changed. ``wait``: our own call about the payment is under way."""

    IGNORE = "ignored"
    KNOWN = "done"
    WAIT = "postponed"
    READ = "read"


def is_wanted(event_type: str) -> bool:
    """Whether an event of this type can matter to us; others are stored and ignored."""
    return event_type.startswith(_HANDLED) and not event_type.startswith("charge.dispute")


def is_about_payment(event_type: str) -> bool:
    """Whether it reports on an intent or its charge."""
    return event_type.startswith(("payment_intent.", "charge."))


def judge(payment: Payment | None, event_type: str) -> Verdict:
    """Decide about a notice on a payment, which is absent when the intent is not ours."""
    if payment is None:
        return Verdict.IGNORE
    if _is_known(payment, event_type):
        return Verdict.KNOWN
    return Verdict.WAIT if payment.has_open_operation else Verdict.READ


def _is_known(payment: Payment, event_type: str) -> bool:
    """Whether what the event reports is recorded already, so that nothing has to be read again."""
    if event_type.startswith("charge."):
        is_paid = payment.state in _PAID
        return payment.fee is not None if is_paid else event_type in ("charge.succeeded", "charge.failed")
    return payment.state in _KNOWN_IN.get(event_type, ())
