"""Which notices of the provider matter, and when they tell nothing new."""

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


def is_wanted(event_type: str) -> bool:
    """Whether an event of this type can matter to us; others are stored and ignored."""
    return event_type.startswith(_HANDLED) and not event_type.startswith("charge.dispute")


def is_known(payment: Payment, event_type: str) -> bool:
    """Whether what the event reports is recorded already, so that nothing has to be read again."""
    if event_type.startswith("charge."):
        is_paid = payment.state in _PAID
        return payment.fee is not None if is_paid else event_type in ("charge.succeeded", "charge.failed")
    return payment.state in _KNOWN_IN.get(event_type, ())
