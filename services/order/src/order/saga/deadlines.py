"""Deadlines by the database's clock; replicas share the work by skipping each other's locked rows."""

from collections.abc import Awaitable, Callable

import structlog

from chassis.db import Database
from order.repository import sagas
from order.saga import process
from order.saga.metrics import OLDEST_COMPENSATION, OPEN, OVERDUE, STUCK
from order.saga.process import Happening
from order.saga.states import State, Trigger
from order.saga.table import Patience

logger = structlog.get_logger()
BATCH = 50


def sweep(db: Database, patience: Patience) -> Callable[[], Awaitable[bool]]:
    """Work of the loop: one batch of sagas whose deadline has passed; True when there may be more."""

    async def work() -> bool:
        async with db.hot_transaction() as tx:
            due = await sagas.lock_due(tx, BATCH)
            if due:
                happenings = [Happening(order_id=order_id, trigger=Trigger.DEADLINE) for order_id in due]
                await process.run(tx, due, happenings, patience)
        return len(due) == BATCH

    return work


def watch(db: Database, patience: Patience) -> Callable[[], Awaitable[bool]]:
    """Work of the loop that tells operators how many checkouts wait where, and which compensations take too long."""

    async def work() -> bool:
        async with db.reading() as tx:
            seconds = await sagas.oldest_compensation_seconds(tx)
            waiting = await sagas.open_by_state(tx)
        for state in State:
            count, overdue = waiting.get(state, (0, 0.0))
            OPEN.labels(state).set(count)
            OVERDUE.labels(state).set(overdue)
        is_stuck = seconds > patience.alarm_seconds
        OLDEST_COMPENSATION.set(seconds)
        STUCK.set(int(is_stuck))
        if is_stuck:
            logger.error("saga.compensation_stuck", oldest_seconds=seconds)
        return False

    return work
