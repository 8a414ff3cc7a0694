"""Translates what neighbours say into what happened to an order."""

from chassis.consume import Received
from contracts import catalog, payment
from contracts.event import Event
from order.saga.process import Happening
from order.saga.states import Trigger

_PLAIN: dict[type[Event], Trigger] = {
    catalog.StockReserved: Trigger.STOCK_RESERVED,
    catalog.ReservationCommitted: Trigger.STOCK_COMMITTED,
    catalog.StockReleased: Trigger.STOCK_RELEASED,
    payment.PaymentAuthorised: Trigger.AUTHORISED,
    payment.PaymentCaptured: Trigger.CAPTURED,
    payment.PaymentCaptureFailed: Trigger.CAPTURE_FAILED,
    payment.PaymentVoided: Trigger.VOIDED,
    payment.PaymentRefunded: Trigger.REFUNDED,
}


def happening_of(received: Received) -> Happening | None:
    """What this answer means for the order that it is keyed by; None for events that no checkout waits for."""
    cause, event_id, order_id = received.cause, received.envelope.id, received.envelope.subject
    match received.data:
        case catalog.StockRejected(shortages=shortages):
            return Happening(
                order_id=order_id,
                trigger=Trigger.STOCK_REJECTED,
                cause=cause,
                event_id=event_id,
                shortages=shortages,
            )
        case catalog.ReservationExpired(command_id=command):
            expired = Trigger.HOLD_EXPIRED if command is None else Trigger.HOLD_GONE
            return Happening(order_id=order_id, trigger=expired, cause=cause, event_id=event_id)
        case payment.PaymentActionRequired(attempt=attempt):
            return Happening(
                order_id=order_id, trigger=Trigger.ACTION_REQUIRED, cause=cause, event_id=event_id, attempt=attempt
            )
        case payment.PaymentDeclined(attempt=attempt, reason=reason):
            return Happening(
                order_id=order_id,
                trigger=Trigger.DECLINED,
                cause=cause,
                event_id=event_id,
                attempt=attempt,
                decline_reason=reason,
            )
        case data if type(data) in _PLAIN:
            return Happening(order_id=order_id, trigger=_PLAIN[type(data)], cause=cause, event_id=event_id)
        case _:
            return None
