"""Sends planned calls and finds out what became of those that got no answer (payments.md 4.5).

A call is marked as being sent and committed before it is made, made outside any transaction, and its result is written with
everything that follows from it in one transaction. Nothing is guessed: time-outs and server errors are looked up.
"""

import asyncio
from collections import deque
from collections.abc import Sequence

import structlog

from chassis import context
from chassis.crash import checkpoint
from chassis.db import Database, HotTransaction, after_commit
from edge.errors import Unavailable
from payment.domain.facts import Done, KeyMismatch, NotExecuted, Outcome, Refused, Unclear, id_of
from payment.domain.operation import Operation, OperationState, pause_seconds
from payment.metrics import IN_DOUBT, IN_DOUBT_SECONDS, KEY_MISMATCHES, OPERATIONS
from payment.repository import operations
from payment.service.progress import LEASE_SECONDS, Desk
from payment.service.results import NOT_EXECUTED, apply_result
from payment.wakes import later

log = structlog.get_logger()

SAME_KEY_SECONDS = 23 * 3600
"""The provider may forget a key after 24 hours; then the same key would do the same thing twice."""
_AT_ONCE = 8


class OperationWorker:
    """Runs calls side by side, so that a slow one holds up nobody. ``work`` is given to a loop."""

    def __init__(self, db: Database, desk: Desk, *, lease_seconds: int = LEASE_SECONDS) -> None:
        self._db = db
        self._desk = desk
        self._lease_seconds = lease_seconds
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_hand: set[str] = set()
        """Ids of the calls that the tasks make, those that follow from a result among them."""
        self._has_backlog = False
        """The last claim filled every free place, so more may be waiting."""
        self._given: deque[Operation] = deque()
        """Calls that are ours already and wait for a place."""

    async def work(self) -> bool:
        """Claim what is due and start it. Never True: whoever plans a call or frees a place wakes the loop."""
        free = _AT_ONCE - len(self._tasks)
        if free <= 0:
            return False
        async with self._db.hot_transaction() as tx:
            claimed = await operations.claim(
                tx, lease_seconds=self._lease_seconds, limit=free, running=tuple(self._in_hand)
            )
        checkpoint("payment.operation-claimed")
        self._has_backlog = len(claimed) == free
        for operation in claimed:
            self._start(operation)
        return False

    def take(self, planned: Sequence[Operation]) -> None:
        """Make calls that a transaction of this process planned and marked as being sent."""
        if sending := [operation for operation in planned if operation.state is OperationState.SENDING]:
            checkpoint("payment.operation-claimed")
        self._in_hand |= {operation.operation_id for operation in sending}
        self._given += sending
        self._fill()

    def _fill(self) -> None:
        while self._given and len(self._tasks) < _AT_ONCE:
            self._start(self._given.popleft())

    def _start(self, operation: Operation) -> None:
        task = asyncio.create_task(self._run(operation), name=f"operation {operation.operation_id}")
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    async def measure(self) -> bool:
        """Publish how many calls are in doubt, and for how long."""
        async with self._db.reading() as tx:
            number, oldest_seconds = await operations.in_doubt(tx)
        IN_DOUBT.set(number)
        IN_DOUBT_SECONDS.set(oldest_seconds)
        return False

    async def open(self) -> None:
        """Nothing to prepare: the loop starts the work."""

    async def close(self) -> None:
        """Wait for the calls in hand, so that their results are stored; those that wait are left to the next process."""
        self._given.clear()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, operation: Operation) -> None:
        """Make a call and those that follow from its result."""
        waiting, mine = [operation], {operation.operation_id}
        try:
            while waiting:
                self._in_hand |= mine
                current = waiting.pop()
                cause = context.Cause(current.correlation_id, current.causation_id, current.traceparent)
                with context.bound(cause):
                    following = await self._settle(current, await self._ask(current))
                waiting += following
                mine |= {planned.operation_id for planned in following}
        except Exception:
            log.exception("operation.failed", operation_id=operation.operation_id, kind=operation.kind)
        finally:
            self._in_hand -= mine

    def _finished(self, task: asyncio.Task[None]) -> None:
        """Free the place, and fill it when calls were left waiting."""
        self._tasks.discard(task)
        self._fill()
        if self._has_backlog:
            self._desk.wake()

    async def _ask(self, operation: Operation) -> Outcome:
        """Look first when in doubt or when the key may be forgotten; else send, again with the same bytes."""
        is_old = operation.age_seconds > SAME_KEY_SECONDS
        if operation.state is OperationState.UNKNOWN or is_old:
            looked_up = await self._look_up(operation, is_old=is_old)
            if looked_up is not None:
                return looked_up
        outcome = await self._desk.provider.send(operation.kind, operation.request, key=operation.idempotency_key)
        checkpoint("payment.operation-answered")
        return outcome

    async def _look_up(self, operation: Operation, *, is_old: bool) -> Outcome | None:
        """Return what a lookup proves; None when the same call may safely be sent again."""
        since = operation.sent_at
        if since is None:
            return None
        try:
            found = await self._desk.provider.find(operation.kind, operation.request, since=since)
        except Unavailable as error:
            return Unclear(str(error), is_final=operation.is_failure_final)
        if found is not None:
            return Done(found)
        if operation.is_key_mismatched:
            return KeyMismatch(operation.error or "key mismatch")
        return Refused(NOT_EXECUTED) if operation.is_failure_final or is_old else None

    async def _settle(self, asked: Operation, outcome: Outcome) -> Sequence[Operation]:
        """Write the outcome; return the calls that follow at once."""
        OPERATIONS.labels(asked.kind, type(outcome).__name__).inc()
        if not isinstance(outcome, Done | Refused):
            return await self._postpone(asked, outcome)
        async with self._db.hot_transaction() as tx:
            operation = await _resolve(tx, asked, outcome)
            if operation is None:
                return ()
            following = await apply_result(tx, self._desk, operation, outcome, lease_seconds=self._lease_seconds)
        leased = [planned for planned in following if planned.state is OperationState.SENDING]
        checkpoint("payment.operation-settled")
        return leased

    async def _postpone(
        self, operation: Operation, outcome: NotExecuted | Unclear | KeyMismatch
    ) -> Sequence[Operation]:
        _note(operation, outcome)
        pause = pause_seconds(operation.tries)
        async with self._db.hot_transaction() as tx:
            await operations.postpone(tx, operation, pause_seconds=pause)
            after_commit(tx, later(self._desk.wake, seconds=pause))
        return ()


async def _resolve(tx: HotTransaction, asked: Operation, outcome: Done | Refused) -> Operation | None:
    if isinstance(outcome, Done):
        confirmed, provider_id = OperationState.CONFIRMED, id_of(outcome.answer)
        return await operations.resolve(tx, asked.operation_id, confirmed, provider_id=provider_id, error=None)
    rejected = OperationState.REJECTED
    return await operations.resolve(tx, asked.operation_id, rejected, provider_id=None, error=outcome.reason)


def _note(operation: Operation, outcome: NotExecuted | Unclear | KeyMismatch) -> None:
    operation.error = outcome.reason
    match outcome:
        case Unclear(reason, is_final):
            operation.state = OperationState.UNKNOWN
            operation.is_failure_final = operation.is_failure_final or is_final
            log.warning("operation.unknown", operation_id=operation.operation_id, kind=operation.kind, reason=reason)
        case KeyMismatch(reason):
            operation.state, operation.is_key_mismatched = OperationState.UNKNOWN, True
            KEY_MISMATCHES.inc()
            log.error("operation.key_mismatch", operation_id=operation.operation_id, kind=operation.kind, reason=reason)
        case NotExecuted(reason):
            log.warning("operation.not_executed", operation_id=operation.operation_id, reason=reason)
