"""What the saga says: commands to catalog and payment, events of the order, each numbered per topic."""

import hashlib

from chassis import outbox
from chassis.context import Cause
from chassis.db import HotTransaction
from contracts.catalog import CommitReservation, ReleaseStock, ReserveStock, StockLine
from contracts.event import Event
from contracts.order import (
    OrderCancelled,
    OrderConfirmed,
    OrderLine,
    OrderPaymentActionRequired,
    OrderPaymentDeclined,
    OrderPlaced,
    SellerOrder,
)
from contracts.payment import AuthorisePayment, CancelPayment, CapturePayment, Share
from order.domain.order import Line, PlacedOrder, SellerPart
from order.repository.sagas import SagaRow
from order.saga.states import Effect
from order.saga.table import Patience


def command_id(order_id: str, effect: Effect, n: int) -> str:
    """The same for the same step of the same order, however often it is computed."""
    return "cmd_" + hashlib.sha256(f"{order_id}:{effect}:{n}".encode()).hexdigest()[:32]


def send(
    tx: HotTransaction,
    effect: Effect,
    saga: SagaRow,
    *,
    n: int,
    order: PlacedOrder | None,
    patience: Patience,
    cause: Cause,
) -> None:
    """Put the message of one effect into the outbox. ``order`` is needed where the message carries its content."""
    event = _bare(effect, saga, n) or _full(effect, saga, n, order=order, patience=patience)
    outbox.add(tx, event, subject=saga.order_id, sequence=_next_sequence(effect, saga), cause=cause)


def tell_placed(tx: HotTransaction, saga: SagaRow, order: PlacedOrder) -> None:
    """The order's first event."""
    saga.order_sequence += 1
    event = OrderPlaced(
        order_id=order.order_id,
        number=order.number,
        buyer_id=order.buyer_id,
        total=order.total,
        seller_orders=tuple(map(_seller_order, order.parts)),
    )
    outbox.add(tx, event, subject=order.order_id, sequence=saga.order_sequence)


def _bare(effect: Effect, saga: SagaRow, n: int) -> Event | None:
    """Messages that the saga's row is enough for."""
    order_id, buyer_id, command = saga.order_id, saga.buyer_id, command_id(saga.order_id, effect, n)
    match effect:
        case Effect.COMMIT:
            return CommitReservation(order_id=order_id, command_id=command)
        case Effect.RELEASE:
            return ReleaseStock(order_id=order_id, command_id=command)
        case Effect.CAPTURE:
            return CapturePayment(order_id=order_id, command_id=command)
        case Effect.CANCEL_PAYMENT:
            return CancelPayment(order_id=order_id, command_id=command)
        case Effect.TELL_ACTION_REQUIRED:
            return OrderPaymentActionRequired(order_id=order_id, buyer_id=buyer_id)
        case Effect.TELL_DECLINED:
            return OrderPaymentDeclined(order_id=order_id, buyer_id=buyer_id, reason=_known(saga.decline_reason))
        case Effect.TELL_CANCELLED:
            return OrderCancelled(order_id=order_id, buyer_id=buyer_id, reason=_known(saga.cancel_reason))
        case Effect.RESERVE | Effect.AUTHORISE | Effect.TELL_CONFIRMED:
            return None


def _full(effect: Effect, saga: SagaRow, n: int, *, order: PlacedOrder | None, patience: Patience) -> Event:
    """Messages that carry the order's content."""
    if order is None:
        raise LookupError(f"order {saga.order_id} was not loaded for {effect}")
    command = command_id(saga.order_id, effect, n)
    if effect is Effect.RESERVE:
        lines = tuple(
            StockLine(offer_id=line.offer_id, quantity=line.quantity) for part in order.parts for line in part.lines
        )
        return ReserveStock(
            order_id=order.order_id, command_id=command, lines=lines, hold_seconds=patience.hold_seconds
        )
    if effect is Effect.AUTHORISE:
        return AuthorisePayment(
            order_id=order.order_id,
            command_id=command,
            attempt=saga.payment_attempt,
            buyer_id=order.buyer_id,
            amount=order.total,
            payment_method=saga.payment_method,
            shares=tuple(map(_share, order.parts)),
        )
    return OrderConfirmed(
        order_id=order.order_id,
        number=order.number,
        buyer_id=order.buyer_id,
        total=order.total,
        ship_country=order.address.country.lower(),
        seller_orders=tuple(map(_seller_order, order.parts)),
    )


def _next_sequence(effect: Effect, saga: SagaRow) -> int:
    """Consumers check 1..n per topic and order, so each topic has its own count."""
    counter = f"{effect.partition('.')[0]}_sequence"
    setattr(saga, counter, getattr(saga, counter) + 1)
    return int(getattr(saga, counter))


def _known(reason: str | None) -> str:
    if reason is None:
        raise LookupError("the saga holds no reason")
    return reason


def _share(part: SellerPart) -> Share:
    return Share(seller_order_id=part.seller_order_id, seller_id=part.seller_id, amount=part.total)


def _seller_order(part: SellerPart) -> SellerOrder:
    return SellerOrder(
        seller_order_id=part.seller_order_id,
        seller_id=part.seller_id,
        total=part.total,
        lines=tuple(map(_order_line, part.lines)),
    )


def _order_line(line: Line) -> OrderLine:
    return OrderLine(
        line_id=line.line_id,
        offer_id=line.offer_id,
        product_id=line.product_id,
        variant_id=line.variant_id,
        sku=line.sku,
        category_id=line.category_id,
        title=line.title,
        quantity=line.quantity,
        unit_price=line.unit_price,
        amount=line.amount,
    )
