"""What the order asks of payment. Each command may come again: its outcome is then told again, never done again."""

from contracts.ids import new_id
from contracts.payment import AuthorisePayment, CancelPayment, CapturePayment
from payment.domain.errors import Contradiction
from payment.domain.payment import (
    OPEN,
    Payment,
    State,
    outcome_of_attempt,
    outcome_of_cancel,
    outcome_of_capture,
)
from payment.repository import settlements
from payment.service.progress import NO_CURRENCY, LockedPayments, check_amount


async def authorise_payment(locked: LockedPayments, command: AuthorisePayment) -> None:
    """Hold the amount on the buyer's card; a higher attempt tries another card on the same intent."""
    payment = locked.found.get(command.order_id)
    if payment is None:
        payment = _new_payment(command)
        check_amount(payment, await settlements.gross_of_orders(locked.tx, [payment.order_id]))
        locked.add(payment)
    elif payment.currency == NO_CURRENCY:
        pass
    elif payment.amount != command.amount.amount or payment.currency != command.amount.currency:
        raise Contradiction(f"order {command.order_id} asks for another amount than before")
    elif command.attempt > payment.attempt and payment.state in OPEN:
        payment.attempt, payment.payment_method = command.attempt, command.payment_method
    if event := outcome_of_attempt(payment, command.attempt):
        locked.tell(payment, [event])
    await locked.advance(payment)


async def capture_payment(locked: LockedPayments, command: CapturePayment) -> None:
    """Take the held money, once the order's commission is frozen."""
    payment = _known(locked, command.order_id)
    if event := outcome_of_capture(payment):
        locked.tell(payment, [event])
    else:
        payment.is_capture_asked = True
    await locked.advance(payment)


async def cancel_payment(locked: LockedPayments, command: CancelPayment) -> None:
    """Bring the order's money to zero, whatever has happened so far."""
    payment = locked.found.get(command.order_id)
    if payment is None:
        payment = _barred(command.order_id)
        locked.add(payment)
    if event := outcome_of_cancel(payment):
        locked.tell(payment, [event])
        return
    payment.is_cancel_asked = True
    await locked.revoke(payment)
    await locked.advance(payment)


def _known(locked: LockedPayments, order_id: str) -> Payment:
    payment = locked.found.get(order_id)
    if payment is None:
        raise Contradiction(f"order {order_id} asks to capture a payment that was never asked for")
    return payment


def _new_payment(command: AuthorisePayment) -> Payment:
    if sum(share.amount.amount for share in command.shares) != command.amount.amount:
        raise Contradiction(f"the shares of order {command.order_id} do not sum to its amount")
    return Payment(
        order_id=command.order_id,
        payment_id=new_id("pay"),
        buyer_id=command.buyer_id,
        currency=command.amount.currency,
        amount=command.amount.amount,
        state=State.INITIATED,
        attempt=command.attempt,
        payment_method=command.payment_method,
    )


def _barred(order_id: str) -> Payment:
    """A payment that may never begin: the cancellation overtook it."""
    return Payment(
        order_id=order_id,
        payment_id=new_id("pay"),
        buyer_id=None,
        currency=NO_CURRENCY,
        amount=0,
        state=State.INITIATED,
        attempt=0,
        payment_method=None,
    )
