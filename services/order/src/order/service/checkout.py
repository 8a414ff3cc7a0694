"""From a cart to a written order; what follows is the saga's."""

from dataclasses import replace

from chassis.clock import Clock
from chassis.db import HotTransaction
from order.domain.cart import check_buyable
from order.domain.errors import OrderNumbersExhausted
from order.domain.order import PlacedOrder, ShippingAddress, order_number, place
from order.repository import carts, orders
from order.repository.carts import Owner

_NUMBER_TRIES = 5


async def place_order(
    tx: HotTransaction, *, buyer_id: str, cart_version: int, address: ShippingAddress, currency: str, clock: Clock
) -> PlacedOrder:
    """Freeze the buyer's cart into an order and empty it; refuses a cart that is not what the buyer was shown.

    The lines come back into the cart when the order is cancelled by anybody but the buyer.
    """
    owner = Owner(account_id=buyer_id)
    cart = await carts.read_locked(tx, owner, currency=currency)
    check_buyable(cart, cart_version)
    order = place(cart.lines, number=order_number(clock()), buyer_id=buyer_id, currency=cart.currency, address=address)
    written = await _insert(tx, order, clock)
    await carts.empty(tx, owner)
    return written


async def _insert(tx: HotTransaction, order: PlacedOrder, clock: Clock) -> PlacedOrder:
    for _ in range(_NUMBER_TRIES):
        if await orders.insert(tx, order):
            return order
        order = replace(order, number=order_number(clock()))
    raise OrderNumbersExhausted("No free order number was found. Try again.")
