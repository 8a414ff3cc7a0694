"""From a mail's kind to its letter."""

from collections.abc import Callable

from messaging.domain.letter import Letter
from messaging.ports import Texts
from messaging.service.letters import buyers, sellers
from messaging.service.letters.accounts import account_letter
from messaging.service.letters.facts import Facts

ACCOUNT_KINDS = frozenset({"verify-email", "already-registered", "reset-password", "password-changed"})
_ABOUT_ORDERS: dict[str, Callable[[Facts, Texts], Letter]] = {
    "order-confirmed": buyers.confirmed,
    "order-shipped": buyers.shipped,
    "order-delivered": buyers.delivered,
    "order-cancelled": buyers.cancelled,
    "order-refunded": buyers.refunded,
    "order-received": sellers.received,
    "settlement-transferred": sellers.transferred,
}
KINDS = ACCOUNT_KINDS | frozenset(_ABOUT_ORDERS)


def compose(kind: str, facts: Facts, t: Texts) -> Letter:
    """The letter of this kind; raises ``KeyError`` for a kind that there is no letter for."""
    if kind in ACCOUNT_KINDS:
        return account_letter(kind, facts, t)
    return _ABOUT_ORDERS[kind](facts, t)
