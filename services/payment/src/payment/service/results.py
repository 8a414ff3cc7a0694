"""What the end of a call does to the payment, settlement or account that asked for it, in one transaction."""

from collections.abc import Sequence

import structlog

from chassis import outbox
from chassis.db import HotTransaction
from contracts.payment import PayoutAccountState
from payment.domain.facts import Done, Intent, Movement, PayoutAccount, PayoutStatus, Refund, Refused, Transfer
from payment.domain.ledger import OrderBook
from payment.domain.operation import Kind, Operation, pause_seconds
from payment.domain.payment import Payment, State, begin_attempt, decline, forget_attempt, refuse_capture
from payment.domain.settlement import Settlement, SettlementState, transferred
from payment.repository import ledger, movements, operations, payout_accounts, settlements
from payment.service.onboarding import plan_held_payouts
from payment.service.progress import Desk, LockedPayments, lock, tell_settlement

log = structlog.get_logger()

NOT_EXECUTED = "not-executed"
"""Reason of a refusal that we found out ourselves: the call never took effect, so the same decision is tried anew."""
_TRANSFER_PAUSE_SECONDS = 60
_ACCOUNT_PAUSE_SECONDS = 600
_PAYMENT_KINDS = (Kind.CREATE_INTENT, Kind.CONFIRM_INTENT, Kind.CAPTURE_INTENT, Kind.CANCEL_INTENT, Kind.CREATE_REFUND)


async def apply_result(
    tx: HotTransaction, desk: Desk, operation: Operation, outcome: Done | Refused, *, lease_seconds: int
) -> Sequence[Operation]:
    """Apply a definite outcome and return the calls that follow at once, already leased to the caller."""
    if operation.kind in _PAYMENT_KINDS:
        locked = await lock(tx, desk, [operation.subject_id])
        return await _apply_to_payment(locked, operation, outcome, lease_seconds=lease_seconds)
    if operation.kind is Kind.CREATE_TRANSFER:
        await _apply_to_settlement(tx, operation, outcome)
        return ()
    return await _apply_to_account(tx, desk, operation, outcome=outcome, lease_seconds=lease_seconds)


async def tell_account(
    tx: HotTransaction, account: payout_accounts.SellerAccount, found: PayoutAccount
) -> PayoutStatus:
    """Take over where a seller stands, tell it when it changed, and let waiting transfers go."""
    status = _status(account.status, found.status)
    is_news = status is not account.status
    account.account_id, account.status = found.account_id, status
    if is_news:
        account.sequence += 1
        event = PayoutAccountState(seller_id=account.seller_id, status=status)
        outbox.add(tx, event, subject=account.seller_id, sequence=account.sequence)
    await payout_accounts.save_account(tx, account)
    if is_news and status.takes_transfers:
        await settlements.retry_now(tx, account.seller_id)
    return status


async def _apply_to_payment(
    locked: LockedPayments, operation: Operation, outcome: Done | Refused, *, lease_seconds: int
) -> Sequence[Operation]:
    payment = locked.found[operation.subject_id]
    payment.has_open_operation = False
    match outcome:
        case Done(Intent() as intent):
            payment.intent_id = intent.intent_id
            await locked.apply_intent(payment, intent)
        case Done(Refund() as refund):
            await locked.apply_refund(payment, refund)
        case Refused(_, Intent() as intent) if operation.kind is not Kind.CONFIRM_INTENT:
            await locked.apply_intent(payment, intent)
    if isinstance(outcome, Refused):
        _refuse(locked, payment, operation, outcome)
    await locked.advance(payment)
    pause = pause_seconds(operation.attempt) if isinstance(outcome, Refused) else 0
    return await locked.save(lease_seconds=lease_seconds, pause_seconds=pause)


def _refuse(locked: LockedPayments, payment: Payment, operation: Operation, refused: Refused) -> None:
    """Cancelling and refunding are simply tried again; the rest is told to the order."""
    if refused.reason == NOT_EXECUTED:
        if operation.kind is Kind.CONFIRM_INTENT:
            forget_attempt(payment)
        return
    match operation.kind:
        case Kind.CREATE_INTENT:
            begin_attempt(payment)
            locked.tell(payment, decline(payment, refused.reason))
        case Kind.CONFIRM_INTENT:
            locked.tell(payment, decline(payment, refused.reason))
        case Kind.CAPTURE_INTENT if payment.state is State.AUTHORISED:
            locked.tell(payment, [refuse_capture(payment, refused.reason)])
        case _:
            log.warning("payment.call_refused", order_id=payment.order_id, kind=operation.kind, reason=refused.reason)


async def _apply_to_settlement(tx: HotTransaction, operation: Operation, outcome: Done | Refused) -> None:
    settlement = await settlements.lock_settlement(tx, operation.subject_id)
    if settlement is None or settlement.state is not SettlementState.TRANSFER_REQUESTED:
        log.error(
            "settlement.unexpected_result", seller_order_id=operation.subject_id, operation=operation.operation_id
        )
        return
    book = OrderBook(settlement.order_id, settlement.currency)
    net = settlement.split.net
    match outcome:
        case Done(Transfer() as transfer):
            await _confirm_transfer(tx, settlement, operation, transfer)
        case Refused(reason):
            settlement.state, settlement.blocked_reason = SettlementState.RELEASABLE, reason
            ledger.book(tx, book.transfer_refused(operation.operation_id, settlement.seller_id, net))
            await settlements.save_settlements(tx, [settlement])
            pause = pause_seconds(operation.attempt) * (1 if reason == NOT_EXECUTED else _TRANSFER_PAUSE_SECONDS)
            await settlements.retry_later(tx, settlement.seller_order_id, pause_seconds=pause)
            log.warning("settlement.transfer_refused", seller_order_id=settlement.seller_order_id, reason=reason)


async def _confirm_transfer(
    tx: HotTransaction, settlement: Settlement, operation: Operation, transfer: Transfer
) -> None:
    book, net = OrderBook(settlement.order_id, settlement.currency), settlement.split.net
    is_available = transfer.movement is None or transfer.movement.is_available
    ledger.book(tx, book.transfer_confirmed(operation.operation_id, net, is_available=is_available))
    ledger.book(tx, book.custody_received(operation.operation_id, settlement.seller_id, net))
    if transfer.movement:
        await _record(tx, transfer.movement, order_id=settlement.order_id, net=-net)
    tell_settlement(tx, settlement, transferred(settlement, transfer.transfer_id))
    await settlements.save_settlements(tx, [settlement])


async def _record(tx: HotTransaction, movement: Movement, *, order_id: str, net: int) -> None:
    await movements.record(tx, movement, order_id=order_id, net=net)


async def _apply_to_account(
    tx: HotTransaction, desk: Desk, operation: Operation, *, outcome: Done | Refused, lease_seconds: int
) -> Sequence[Operation]:
    """A new account is told and told to hold its payouts; what was refused is tried again, and shows in the log."""
    account = await payout_accounts.lock_account(tx, operation.subject_id)
    if account is None:
        raise LookupError(f"seller {operation.subject_id} is gone")
    match outcome:
        case Done(PayoutAccount() as found):
            await tell_account(tx, account, found)
            planned = plan_held_payouts(desk, account.seller_id, found.account_id)
            await operations.insert(tx, [planned], lease_seconds=lease_seconds)
            return [planned]
        case Refused(reason):
            log.error("payout_account.refused", seller_id=account.seller_id, kind=operation.kind, reason=reason)
            if account.account_id is None:
                await payout_accounts.postpone(tx, account.seller_id, pause_seconds=_ACCOUNT_PAUSE_SECONDS)
            else:
                again = plan_held_payouts(desk, account.seller_id, account.account_id)
                await operations.insert(tx, [again], pause_seconds=_ACCOUNT_PAUSE_SECONDS)
    return ()


def _status(before: PayoutStatus, now: PayoutStatus) -> PayoutStatus:
    """An account that owes information after it has worked is restricted, not new (payments.md 1.6)."""
    has_worked = before in (PayoutStatus.ACTIVE, PayoutStatus.TRANSFERS_ONLY, PayoutStatus.RESTRICTED)
    return PayoutStatus.RESTRICTED if has_worked and now is PayoutStatus.ONBOARDING else now
