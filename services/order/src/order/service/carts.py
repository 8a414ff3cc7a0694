"""What owners do with their carts: put, drop, look, and bring a guest's cart along when they sign in."""

import secrets
from dataclasses import dataclass, replace

from chassis.db import HotTransaction
from order.domain.cart import Cart, CartLine, blocking_problem, check_added, merged_quantity
from order.domain.errors import OfferNotFound
from order.repository import carts
from order.repository.carts import Owner

_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who stands at the cart: an account, a guest's token, both (just signed in), or neither yet."""

    account_id: str | None
    token: str | None

    @property
    def owner(self) -> Owner | None:
        """Whose cart is meant; None for a guest without a token."""
        if self.account_id is not None:
            return Owner(account_id=self.account_id)
        return carts.guest(self.token) if self.token else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that happened to a line without its owner's asking."""

    code: str
    offer_id: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A cart as shown. ``cart_token`` only when a guest's cart was made by this request."""

    cart: Cart
    notices: tuple[Notice, ...] = ()
    cart_token: str | None = None


async def put_line(tx: HotTransaction, visitor: Visitor, *, offer_id: str, quantity: int, currency: str) -> Shown:
    """Set how many of an offer are wanted; refuses what cannot be sold."""
    notices = await merge_guest(tx, visitor, currency=currency)
    owner, token = visitor.owner, None
    cart = None
    if owner is not None:
        cart = await carts.put_line(tx, owner, offer_id=offer_id, quantity=quantity, currency=currency)
    if cart is None or cart.cart_id is None:
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        owner = carts.guest(token)
        await carts.make_guest(tx, owner)
        cart = await carts.put_line(tx, owner, offer_id=offer_id, quantity=quantity, currency=currency)
    if not any(line.offer_id == offer_id for line in cart.lines):
        raise OfferNotFound("This offer is not known here; it may just have been published.")
    check_added(cart, offer_id)
    return Shown(cart=cart, notices=notices, cart_token=token)


async def drop_line(tx: HotTransaction, visitor: Visitor, offer_id: str, *, currency: str) -> Shown:
    """Take an offer out; harmless when it is not there."""
    notices = await merge_guest(tx, visitor, currency=currency)
    if visitor.owner is None:
        return Shown(cart=_nothing(currency))
    return Shown(cart=await carts.drop_line(tx, visitor.owner, offer_id, currency=currency), notices=notices)


async def glance(tx: HotTransaction, visitor: Visitor, *, currency: str) -> Shown | None:
    """The cart, when looking changes nothing: no guest's cart to bring along, no price to remember. Else None: ``show``."""
    if visitor.account_id is not None and visitor.token:
        return None
    if visitor.owner is None:
        return Shown(cart=_nothing(currency))
    cart = await carts.read(tx, visitor.owner, currency=currency)
    return None if any(line.unit_price != line.seen_price for line in cart.lines) else Shown(cart=cart)


async def show(tx: HotTransaction, visitor: Visitor, *, currency: str) -> Shown:
    """Show the cart. Prices that changed since the last look are named once and count as shown from now on."""
    notices = await merge_guest(tx, visitor, currency=currency)
    if visitor.owner is None:
        return Shown(cart=_nothing(currency))
    cart = await carts.read(tx, visitor.owner, currency=currency)
    changed = [line for line in cart.lines if line.unit_price != line.seen_price]
    if changed:
        await carts.show_prices(tx, visitor.owner)
        current = await carts.read(tx, visitor.owner, currency=currency)
        cart = replace(cart, version=current.version)
    return Shown(cart=cart, notices=(*notices, *map(_price_notice, changed)))


async def merge_guest(tx: HotTransaction, visitor: Visitor, *, currency: str) -> tuple[Notice, ...]:
    """Bring a guest's lines into the account's cart and forget the guest's. Quantities add up, clamped to what is there."""
    if visitor.account_id is None or not visitor.token:
        return ()
    found = await carts.read_locked(tx, carts.guest(visitor.token), currency=currency)
    if found.cart_id is None:
        return ()
    owner = Owner(account_id=visitor.account_id)
    mine = await carts.read_locked(tx, owner, currency=currency)
    quantities = {line.offer_id: line.quantity for line in mine.lines}
    merged = [_merged(line, quantities.get(line.offer_id, 0)) for line in found.lines]
    if merged:
        await carts.merge_lines(tx, owner, merged)
    await carts.delete(tx, found.cart_id)
    wanted = {line.offer_id: line.quantity + quantities.get(line.offer_id, 0) for line in found.lines}
    return tuple(
        notice for line in merged if (notice := _merge_notice(line, wanted[line.offer_id], currency)) is not None
    )


def _merged(line: CartLine, mine: int) -> CartLine:
    return replace(line, quantity=merged_quantity(mine, line.quantity, line.available))


def _merge_notice(line: CartLine, wanted: int, currency: str) -> Notice | None:
    if line.quantity < wanted:
        detail = f"Your two carts held {wanted} of “{line.title.en}”; {line.quantity} can be bought."
        return Notice(code="quantity-reduced", offer_id=line.offer_id, detail=detail)
    if problem := blocking_problem(line, currency):
        return Notice(code=problem, offer_id=line.offer_id, detail=f"“{line.title.en}” cannot be bought now.")
    return None


def _price_notice(line: CartLine) -> Notice:
    detail = f"“{line.title.en}” now costs {line.unit_price.amount} instead of {line.seen_price.amount} minor units."
    return Notice(code="price-changed", offer_id=line.offer_id, detail=detail)


def _nothing(currency: str) -> Cart:
    return Cart(cart_id=None, version=0, currency=currency, lines=())
