"""Delivered, held long enough, fee known, seller ready: release the money and decide its transfer."""

from chassis import context
from chassis.db import HotTransaction, after_commit
from contracts.ids import new_id
from payment.domain.errors import NotDelivered, SettlementCancelled
from payment.domain.ledger import OrderBook
from payment.domain.operation import Operation, plan
from payment.domain.settlement import Settlement, SettlementState, release, transferred
from payment.ports import CreateTransfer
from payment.repository import ledger, operations, settlements
from payment.repository.settlements import DueSettlement
from payment.service.progress import Desk, tell_settlement, with_cause


async def release_due(tx: HotTransaction, desk: Desk, *, limit: int) -> int:
    """Release and decide the transfers of what is due; return how many."""
    due = await settlements.lock_due(tx, limit=limit)
    planned = []
    for item in due:
        with context.bound(_cause(item.settlement)):
            operation = _settle(tx, desk, item)
        planned += [operation] if operation else []
    await settlements.save_settlements(tx, [item.settlement for item in due])
    await operations.insert(tx, planned)
    if planned:
        after_commit(tx, desk.wake)
    return len(due)


async def release_early(tx: HotTransaction, seller_order_id: str, *, operator: str) -> Settlement | None:
    """Skip the rest of the hold of a delivered seller order. None when there is no such settlement.

    :raises NotDelivered: there is no hold to skip yet.
    :raises SettlementCancelled: the buyer has the money back.
    """
    settlement = await settlements.lock_settlement(tx, seller_order_id)
    if settlement is None or settlement.state is SettlementState.EXPECTED:
        return None
    if settlement.state is SettlementState.CANCELLED:
        raise SettlementCancelled(f"Seller order {seller_order_id} was refunded in full.")
    if settlement.delivered_at is None:
        raise NotDelivered(f"The parcel of seller order {seller_order_id} is not delivered.")
    if settlement.state is SettlementState.HELD:
        await settlements.skip_hold(tx, seller_order_id, operator=operator)
        settlement.released_by = operator
    return settlement


def _settle(tx: HotTransaction, desk: Desk, due: DueSettlement) -> Operation | None:
    settlement = due.settlement
    book = OrderBook(settlement.order_id, settlement.currency)
    if settlement.state is SettlementState.HELD:
        tell_settlement(tx, settlement, release(settlement))
        ledger.book(tx, book.released(settlement.share))
    if settlement.split.net == 0:
        tell_settlement(tx, settlement, transferred(settlement, None))
        return None
    operation = _plan_transfer(desk, due)
    settlement.state = SettlementState.TRANSFER_REQUESTED
    ledger.book(tx, book.transfer_decided(operation.operation_id, settlement.seller_id, settlement.split.net))
    return operation


def _plan_transfer(desk: Desk, due: DueSettlement) -> Operation:
    settlement = due.settlement
    call = CreateTransfer(
        seller_order_id=settlement.seller_order_id,
        order_id=settlement.order_id,
        account_id=due.account_id,
        charge_id=due.charge_id,
        amount=settlement.split.net,
        currency=settlement.currency,
    )
    kind, request = desk.provider.freeze(call)
    key = f"settlement:{settlement.seller_order_id}:transfer"
    return with_cause(plan(kind, key, subject_id=settlement.seller_order_id, request=request))


def _cause(settlement: Settlement) -> context.Cause:
    """The release belongs to the story of the delivery."""
    return context.Cause(settlement.correlation_id or new_id("job"))
