"""Refusals that callers of the API meet, and contradictions that stop a message."""

from edge.errors import AppError


class NotDelivered(AppError):
    """Only the rest of the hold may be skipped, not the delivery itself."""

    status = 409
    code = "not-delivered"
    title = "Not delivered yet"


class SettlementCancelled(AppError):
    """The buyer got the money back, so there is nothing to release."""

    status = 409
    code = "settlement-cancelled"
    title = "Settlement cancelled"


class WebhookRefused(AppError):
    """Forged, too old, not JSON, or from the other mode. Nothing was stored."""

    status = 400
    code = "webhook-refused"
    title = "Webhook refused"


class Contradiction(Exception):
    """A message says something that cannot be true next to what is recorded: a bug somewhere, its key is parked."""
