"""The life of a shop: pending, open, suspended, closed; operators move it."""

from identity.domain.errors import SellerTransitionRefused

PENDING, OPEN, SUSPENDED, CLOSED = "pending", "open", "suspended", "closed"
OWNER, STAFF = "owner", "staff"
MOST_PER_ACCOUNT = 5
_ALLOWED = {
    OPEN: {PENDING, SUSPENDED},
    SUSPENDED: {PENDING, OPEN},
    CLOSED: {PENDING, OPEN, SUSPENDED},
}


def check_transition(current: str, wanted: str) -> None:
    """Raise ``SellerTransitionRefused`` unless an operator may move a shop from ``current`` to ``wanted``."""
    if current not in _ALLOWED[wanted]:
        raise SellerTransitionRefused(f"The shop is {current}; it cannot become {wanted}.", state=current)
