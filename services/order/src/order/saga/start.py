"""The saga's first step: an accepted checkout asks catalog for all lines of all sellers."""

from chassis import context
from chassis.db import HotTransaction
from order.domain.order import PlacedOrder
from order.repository import sagas
from order.repository.sagas import LogRow, SagaRow
from order.saga import messages
from order.saga.states import Effect, State
from order.saga.table import Patience


async def begin(tx: HotTransaction, order: PlacedOrder, *, payment_method: str, patience: Patience) -> SagaRow:
    """Write the saga of a new order, tell that it was placed and reserve its stock."""
    cause = context.current()
    saga = SagaRow(
        order_id=order.order_id,
        buyer_id=order.buyer_id,
        state=State.RESERVING,
        version=1,
        repeats=0,
        payment_attempt=0,
        payment_method=payment_method,
        cancel_reason=None,
        decline_reason=None,
        order_sequence=0,
        catalog_sequence=0,
        payment_sequence=0,
        correlation_id=cause.correlation_id,
        traceparent=cause.traceparent,
        timer=patience.reserving_seconds,
    )
    messages.tell_placed(tx, saga, order)
    messages.send(tx, Effect.RESERVE, saga, n=saga.version, order=order, patience=patience, cause=cause)
    async with tx.pipeline():
        await sagas.insert(tx, saga)
        await sagas.log(tx, [LogRow(order.order_id, 1, None, "placed", None, State.RESERVING, (Effect.RESERVE,))])
    return saga
