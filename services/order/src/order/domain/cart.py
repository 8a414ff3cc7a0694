"""A cart as its owner sees it: lines against the market as it is now, and what stands in the way of buying."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from contracts.values import LocalText, Money
from edge.errors import Violation
from order.domain.errors import CartChanged, CartFull, EmptyCart, NotEnoughStock, OfferUnavailable

MAX_QUANTITY = 99
"""Per line: what one buyer may take of one offer (issue 3, "Bad input")."""
MAX_LINES = 100

Problem = Literal[
    "price-changed", "insufficient-stock", "sold-out", "paused", "closed", "shop-closed", "other-currency"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLine:
    """One offer in a cart. ``seen_price`` is the price that the owner was last shown, ``unit_price`` today's.

    ``changed_version`` is the version of the cart at which this line last changed.
    """

    offer_id: str
    product_id: str
    variant_id: str
    sku: str
    category_id: str
    seller_id: str
    title: LocalText
    variant: LocalText
    image_url: str
    quantity: int
    unit_price: Money
    seen_price: Money
    available: int
    offer_status: str
    seller_status: str
    changed_version: int

    @property
    def amount(self) -> Money:
        """``unit_price`` × ``quantity``, tax included."""
        return self.unit_price.times(self.quantity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """``version`` grows with every change that the owner can see. An account without a cart has ``cart_id`` None."""

    cart_id: str | None
    version: int
    currency: str
    lines: tuple[CartLine, ...]

    @property
    def total(self) -> Money:
        """Sum over all lines, also over those that cannot be bought now."""
        return sum_of([line.amount for line in self.lines if line.unit_price.currency == self.currency], self.currency)


def sum_of(amounts: Sequence[Money], currency: str) -> Money:
    """Exact sum; amounts of another currency raise ``ValueError``."""
    return sum(amounts, start=Money(amount=0, currency=currency))


def blocking_problem(line: CartLine, currency: str) -> Problem | None:
    """Why this line cannot be bought at all, the deepest cause first."""
    checks: tuple[tuple[bool, Problem], ...] = (
        (line.seller_status != "open", "shop-closed"),
        (line.offer_status == "paused", "paused"),
        (line.offer_status != "active", "closed"),
        (line.unit_price.currency != currency, "other-currency"),
        (line.available == 0, "sold-out"),
        (line.available < line.quantity, "insufficient-stock"),
    )
    return next((problem for holds, problem in checks if holds), None)


def problem_of(line: CartLine, currency: str) -> Problem | None:
    """What the owner should know about this line before buying."""
    return blocking_problem(line, currency) or ("price-changed" if line.unit_price != line.seen_price else None)


def by_seller(lines: Sequence[CartLine]) -> list[tuple[str, list[CartLine]]]:
    """Group by seller; sellers and lines keep the order in which they were added."""
    groups: dict[str, list[CartLine]] = {}
    for line in lines:
        groups.setdefault(line.seller_id, []).append(line)
    return list(groups.items())


def check_added(cart: Cart, offer_id: str) -> None:
    """Refuse a line that was just put but cannot be sold, or one that is too many."""
    line = next(line for line in cart.lines if line.offer_id == offer_id)
    problem = blocking_problem(line, cart.currency)
    if problem == "insufficient-stock":
        raise NotEnoughStock(f"Only {line.available} left of this offer.", available=line.available)
    if problem is not None:
        raise OfferUnavailable(f"This offer cannot be bought now: {problem}.", problem=problem)
    if len(cart.lines) > MAX_LINES:
        raise CartFull(f"A cart holds at most {MAX_LINES} different offers.")


def check_buyable(cart: Cart, version: int) -> None:
    """Refuse a checkout of anything but what the buyer was shown; names each line that stands in the way."""
    if not cart.lines:
        raise EmptyCart("There is nothing to buy in this cart.")
    blocked = [(line, problem) for line in cart.lines if (problem := blocking_problem(line, cart.currency))]
    if blocked:
        errors = [_violation(line, problem) for line, problem in blocked]
        raise OfferUnavailable("Some lines of the cart cannot be bought now.", errors=errors)
    changed = [_violation(line, "price-changed") for line in cart.lines if line.unit_price != line.seen_price]
    changed += [_violation(line, "line-changed") for line in cart.lines if line.changed_version > version]
    if changed or cart.version != version:
        raise CartChanged(
            f"The cart is at version {cart.version}, the checkout was made from version {version}.",
            errors=changed,
            cart_version=cart.version,
        )


def _violation(line: CartLine, code: str) -> Violation:
    details = {
        "price-changed": f"“{line.title.en}” now costs {line.unit_price.amount} instead of {line.seen_price.amount} "
        f"{line.unit_price.currency} minor units.",
        "insufficient-stock": f"“{line.title.en}”: {line.quantity} asked for, {line.available} left.",
        "line-changed": f"“{line.title.en}” was added or changed elsewhere; its quantity is {line.quantity}.",
        "sold-out": f"“{line.title.en}” is sold out.",
    }
    detail = details.get(code, f"“{line.title.en}” is no longer sold ({code}).")
    return Violation(pointer=f"/lines/{line.offer_id}", code=code, detail=detail)


def merged_quantity(mine: int, guest: int, available: int) -> int:
    """Quantity of a line after a guest cart joined an account's: the sum, clamped to what may be bought, at least 1."""
    return max(1, min(mine + guest, available, MAX_QUANTITY))
