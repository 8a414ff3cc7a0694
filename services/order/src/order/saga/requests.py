"""What buyers may ask of an order that is under way."""

from dataclasses import dataclass

from chassis.db import HotTransaction
from edge.errors import NotFound
from order.domain.errors import OrderNotCancellable, PaymentNotDeclined
from order.repository import orders
from order.saga.process import Happening, Step, advance
from order.saga.states import Trigger
from order.saga.table import Patience


@dataclass(frozen=True, slots=True)
class Asked:
    """The order after the request."""

    number: str
    state: str


async def cancel(tx: HotTransaction, order_id: str, *, buyer_id: str, patience: Patience) -> Asked:
    """Give the order up before its pivot; an order that is being cancelled stays so."""
    number = await _number(tx, order_id, buyer_id)
    step = await _happens(tx, Happening(order_id=order_id, trigger=Trigger.BUYER_CANCELLED), patience)
    if step.cell.is_refusal:
        raise OrderNotCancellable(f"It is too late to cancel: {step.cell.why}.", state=step.source)
    return Asked(number, step.target)


async def pay_again(
    tx: HotTransaction, order_id: str, *, buyer_id: str, payment_method: str, patience: Patience
) -> Asked:
    """Try another card after a decline."""
    number = await _number(tx, order_id, buyer_id)
    asked = Happening(order_id=order_id, trigger=Trigger.ANOTHER_CARD, payment_method=payment_method)
    step = await _happens(tx, asked, patience)
    if step.cell.is_refusal:
        raise PaymentNotDeclined(f"Another card cannot be tried now: {step.cell.why}.", state=step.source)
    return Asked(number, step.target)


async def _number(tx: HotTransaction, order_id: str, buyer_id: str) -> str:
    number = await orders.number_of(tx, order_id, buyer_id=buyer_id)
    if number is None:
        raise NotFound("You have no such order.")
    return number


async def _happens(tx: HotTransaction, happening: Happening, patience: Patience) -> Step:
    (step,) = await advance(tx, [happening], patience)
    return step
