"""What may be put on sale, and in which words."""

from enum import StrEnum

from catalog.domain.errors import OfferClosed, ShopNotOpen, StockBelowReserved


class Condition(StrEnum):
    NEW = "new"
    USED = "used"
    REFURBISHED = "refurbished"


class OfferStatus(StrEnum):
    """``closed`` is for good: the same variant may then be offered anew."""

    ACTIVE = "active"
    PAUSED = "paused"
    CLOSED = "closed"


MAX_PRICE_MINOR = 10**9
"""Ten million euros in cents: an upper bound that catches slips of the keyboard."""
MAX_STOCK = 1_000_000
MAX_HANDLING_DAYS = 60
MAX_VARIANTS = 50
MAX_ATTRIBUTES = 20


def require_open_shop(status: str | None) -> None:
    """Only an open shop may list. ``None``: identity has not told us about this shop yet."""
    if status != "open":
        raise ShopNotOpen("Only an open shop can list products and offers.")


def require_changeable(status: OfferStatus) -> None:
    """A closed offer stays as it is."""
    if status is OfferStatus.CLOSED:
        raise OfferClosed("This offer is closed for good. List the variant again instead.")


def require_reserved_units(on_hand: int, *, reserved: int) -> None:
    """The shelf cannot hold less than what buyers have reserved."""
    if on_hand < reserved:
        raise StockBelowReserved(
            f"{reserved} units are reserved for orders; the stock cannot be less than that.", reserved=reserved
        )
