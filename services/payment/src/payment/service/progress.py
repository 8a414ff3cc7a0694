"""Payments locked by one transaction: what the provider said is applied, and the next call is decided and written down."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import structlog

from chassis import context, outbox
from chassis.db import HotTransaction, after_commit
from contracts.event import Event
from contracts.payment import PaymentCaptured
from payment.domain.errors import Contradiction
from payment.domain.facts import Intent, Refund, RefundStatus
from payment.domain.ledger import OrderBook
from payment.domain.operation import Operation, plan
from payment.domain.payment import Payment, State, Step, begin_attempt, next_step, reflect, refunded, void
from payment.domain.settlement import Settlement, SettlementState, accrue, cancel
from payment.ports import (
    Call,
    CancelIntent,
    CaptureIntent,
    ConfirmIntent,
    CreateIntent,
    CreateRefund,
    PaymentProvider,
)
from payment.repository import ledger, movements, operations, payments, settlements

log = structlog.get_logger()

LEASE_SECONDS = 15
"""After this a call counts as abandoned. Sending it twice meanwhile is harmless: same key, same bytes."""
REFUND_PAUSE_SECONDS = 600
"""Before a refund that failed is asked for again; an operator is told at once."""
NO_CURRENCY = "XXX"
"""ISO 4217 for "no currency": of a payment that was barred before anything was asked."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What planning a call needs. After the commit ``wake`` tells the worker that there is something to send, and ``take`` gives
    it calls that are marked as its own already."""

    provider: PaymentProvider
    site_url: str
    wake: Callable[[], None]
    take: Callable[[Sequence[Operation]], None]


@dataclass(slots=True)
class LockedPayments:
    """The payments of some orders, locked; ``save`` writes them and the calls that were planned."""

    tx: HotTransaction
    desk: Desk
    found: dict[str, Payment]
    planned: list[Operation] = field(default_factory=list)
    pause_seconds: int = 0

    def add(self, payment: Payment) -> None:
        """Take in a payment that this transaction makes."""
        self.found[payment.order_id] = payment

    def tell(self, payment: Payment, events: Iterable[Event]) -> None:
        """Publish what happened to a payment, in its own sequence."""
        for event in events:
            payment.sequence += 1
            outbox.add(self.tx, event, subject=payment.order_id, sequence=payment.sequence)

    async def apply_intent(self, payment: Payment, intent: Intent) -> None:
        """Copy the provider's truth forwards; money that was captured is booked in the same transaction."""
        events = reflect(payment, intent)
        self.tell(payment, events)
        if any(isinstance(event, PaymentCaptured) for event in events):
            await self._accrue(payment)
        if intent.movement and payment.fee is None and payment.state in (State.PAID, State.REFUNDED):
            await self._book_fee(payment, intent)

    async def apply_refund(self, payment: Payment, refund: Refund) -> None:
        """A refund may stay pending for days, and may come back after it succeeded."""
        book = OrderBook(payment.order_id, payment.currency)
        payment.is_refund_pending = refund.status is RefundStatus.PENDING
        if refund.status is RefundStatus.FAILED:
            self._fail_refund(payment, refund)
        elif refund.status is RefundStatus.SUCCEEDED and (events := refunded(payment)):
            self.tell(payment, events)
            is_available = refund.movement is None or refund.movement.is_available
            ledger.book(self.tx, book.refund_confirmed(payment.amount, is_available=is_available))
            if refund.movement:
                await movements.record(self.tx, refund.movement, order_id=payment.order_id, net=-payment.amount)

    def _fail_refund(self, payment: Payment, refund: Refund) -> None:
        log.error("payment.refund_failed", order_id=payment.order_id, refund_id=refund.refund_id)
        if payment.state is State.REFUNDED:
            book = OrderBook(payment.order_id, payment.currency)
            ledger.book(self.tx, book.refund_returned(payment.buyer_id or "unknown", payment.amount))
        self.pause_seconds = REFUND_PAUSE_SECONDS

    async def advance(self, payment: Payment) -> None:
        """Decide the next call and plan it; one at a time per payment."""
        step = next_step(payment)
        if step is Step.VOID:
            self.tell(payment, void(payment))
        elif step is Step.REFUND:
            await self._decide_refund(payment)
            self._plan(payment, step)
        elif step is not None and await self._is_allowed(payment, step):
            self._plan(payment, step)

    async def save(self, *, lease_seconds: int = 0, pause_seconds: int = 0) -> Sequence[Operation]:
        """Write everything. With a lease, and nothing to pause for, the caller sends the planned calls itself."""
        await payments.save_payments(self.tx, self.found.values())
        pause = max(pause_seconds, self.pause_seconds)
        lease = 0 if pause else lease_seconds
        await operations.insert(self.tx, self.planned, lease_seconds=lease, pause_seconds=pause)
        if self.planned and not lease:
            after_commit(self.tx, self.desk.wake)
        return self.planned

    async def hand_over(self) -> None:
        """Write everything; the worker of this process sends the planned calls without asking the database for them."""
        planned = await self.save(lease_seconds=LEASE_SECONDS)
        after_commit(self.tx, lambda: self.desk.take(planned))

    async def revoke(self, payment: Payment) -> None:
        """Take back a call that nobody has begun to send, so that a cancellation does not wait for it."""
        mine = [operation for operation in self.planned if operation.subject_id == payment.order_id]
        self.planned = [operation for operation in self.planned if operation not in mine]
        if mine or await operations.revoke_planned(self.tx, [payment.order_id]):
            payment.has_open_operation = False

    async def _is_allowed(self, payment: Payment, step: Step) -> bool:
        """Money is captured only once the commission is frozen, and only when the shares add up to it."""
        if step is not Step.CAPTURE_INTENT:
            return True
        gross = await settlements.gross_of_orders(self.tx, [payment.order_id])
        check_amount(payment, gross)
        return payment.order_id in gross

    def _plan(self, payment: Payment, step: Step) -> None:
        kind, request = self.desk.provider.freeze(_call(payment, step, self.desk.site_url))
        card = payment.attempt if step is Step.CONFIRM_INTENT else None
        if card is not None:
            begin_attempt(payment)
        key = _business_key(payment, step)
        operation = plan(kind, key, subject_id=payment.order_id, request=request, card_attempt=card)
        self.planned.append(with_cause(operation))
        payment.has_open_operation = True

    async def _accrue(self, payment: Payment) -> None:
        held = await settlements.lock_settlements(self.tx, payment.order_id)
        for settlement in held:
            tell_settlement(self.tx, settlement, accrue(settlement))
        await settlements.save_settlements(self.tx, held)
        book = OrderBook(payment.order_id, payment.currency)
        ledger.book(self.tx, book.captured(payment.amount, [settlement.share for settlement in held]))

    async def _book_fee(self, payment: Payment, intent: Intent) -> None:
        if (movement := intent.movement) is None:
            return
        payment.fee = movement.fee
        book = OrderBook(payment.order_id, payment.currency)
        ledger.book(self.tx, book.fee_known(movement.fee))
        await movements.record(self.tx, movement, order_id=payment.order_id, net=movement.net)
        if movement.is_available:
            ledger.book(self.tx, book.made_available(movement.movement_id, movement.net))

    async def _decide_refund(self, payment: Payment) -> None:
        held = await settlements.lock_settlements(self.tx, payment.order_id)
        _require_unreleased(held)
        cancelled = [settlement for settlement in held if settlement.state is SettlementState.HELD]
        for settlement in cancelled:
            tell_settlement(self.tx, settlement, cancel(settlement))
        await settlements.save_settlements(self.tx, cancelled)
        if cancelled:
            book = OrderBook(payment.order_id, payment.currency)
            shares = [settlement.share for settlement in cancelled]
            ledger.book(self.tx, book.refund_decided(payment.amount, shares))


async def lock(tx: HotTransaction, desk: Desk, order_ids: Iterable[str]) -> LockedPayments:
    """Lock the payments of these orders."""
    return LockedPayments(tx, desk, await payments.lock_payments(tx, order_ids))


def check_amount(payment: Payment, gross: Mapping[str, int]) -> None:
    """The frozen shares, once known, and the payment must agree before any money is taken."""
    total = gross.get(payment.order_id, payment.amount)
    if payment.currency != NO_CURRENCY and total != payment.amount:
        raise Contradiction(f"order {payment.order_id}: shares of {total} against a payment of {payment.amount}")


def tell_settlement(tx: HotTransaction, settlement: Settlement, event: Event) -> None:
    """Publish what happened to a settlement, in its own sequence."""
    settlement.sequence += 1
    outbox.add(tx, event, subject=settlement.seller_order_id, sequence=settlement.sequence)


def with_cause(operation: Operation) -> Operation:
    """Remember who asked, so that the result carries the same correlation."""
    cause = context.current()
    return replace(
        operation,
        correlation_id=cause.correlation_id,
        causation_id=cause.causation_id,
        traceparent=cause.traceparent,
    )


def _require_unreleased(held: Iterable[Settlement]) -> None:
    earned = [s.seller_order_id for s in held if s.state not in (SettlementState.HELD, SettlementState.CANCELLED)]
    if earned:
        raise Contradiction(f"refund before release, but {', '.join(earned)} is released")


def _business_key(payment: Payment, step: Step) -> str:
    order = f"order:{payment.order_id}"
    return {
        Step.CREATE_INTENT: f"{order}:pi",
        Step.CONFIRM_INTENT: f"{order}:pi:{payment.attempt}:confirm",
        Step.CAPTURE_INTENT: f"{order}:capture",
        Step.CANCEL_INTENT: f"{order}:cancel",
        Step.REFUND: f"refund:{payment.order_id}:create",
    }[step]


def _call(payment: Payment, step: Step, site_url: str) -> Call:
    intent_id = payment.intent_id or ""
    match step:
        case Step.CONFIRM_INTENT:
            back = f"{site_url}/orders/{payment.order_id}/return"
            return ConfirmIntent(intent_id, payment.payment_method or "", return_url=back)
        case Step.CAPTURE_INTENT:
            return CaptureIntent(intent_id, payment.amount)
        case Step.CANCEL_INTENT:
            return CancelIntent(intent_id)
        case Step.REFUND:
            return CreateRefund(intent_id, payment.order_id, payment.amount)
        case _:
            return CreateIntent(payment.order_id, payment.amount, payment.currency)
