"""Runs the table: what happened to a batch of orders becomes new states, commands and events, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from chassis.context import Cause
from chassis.crash import checkpoint
from chassis.db import HotTransaction
from contracts.catalog import Shortage
from order.domain.order import PlacedOrder
from order.repository import carts, orders, sagas
from order.repository.sagas import LogRow, SagaRow
from order.saga import messages
from order.saga.metrics import ALARMS
from order.saga.states import UNDOING, Cell, Effect, State, Trigger
from order.saga.table import TABLE, Patience, decide, timer

logger = structlog.get_logger()
_CARRY_CONTENT = {Effect.RESERVE, Effect.AUTHORISE, Effect.TELL_CONFIRMED}
_NEED_CONTENT = frozenset(
    trigger for row in TABLE.values() for trigger, cell in row.items() if _CARRY_CONTENT.intersection(cell.does)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that reached an order. ``attempt`` is the payment attempt that an answer is about."""

    order_id: str
    trigger: Trigger
    cause: Cause | None = None
    event_id: UUID | None = None
    attempt: int | None = None
    decline_reason: str | None = None
    payment_method: str | None = None
    shortages: tuple[Shortage, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Step:
    """One decided cell, applied to its saga in memory. ``n`` numbers the saga's steps."""

    saga: SagaRow
    happening: Happening
    trigger: Trigger
    cell: Cell
    source: State
    target: State
    n: int


async def advance(tx: HotTransaction, happenings: Sequence[Happening], patience: Patience) -> list[Step]:
    """Apply happenings in their order to the orders they name; those of unknown orders are alarms."""
    locked = await sagas.lock(tx, [happening.order_id for happening in happenings])
    return await run(tx, locked, happenings, patience)


async def run(
    tx: HotTransaction, locked: Mapping[str, SagaRow], happenings: Sequence[Happening], patience: Patience
) -> list[Step]:
    """The same for sagas that are locked already."""
    needed = {happening.order_id for happening in happenings if happening.trigger in _NEED_CONTENT}
    placed = await orders.load(tx, sorted(needed))
    steps = []
    for happening in happenings:
        if saga := locked.get(happening.order_id):
            steps.append(step := _step(saga, happening, patience))
            _send(tx, step, placed, patience)
        else:
            _raise_alarm(happening, "no such order")
    await _write(tx, steps)
    return steps


def _step(saga: SagaRow, happening: Happening, patience: Patience) -> Step:
    trigger, source = _actual(saga, happening), State(saga.state)
    cell = decide(source, trigger)
    target = cell.to or source
    saga.version += 1
    saga.repeats = saga.repeats + 1 if cell.to is source else 0 if cell.to else saga.repeats
    if (seconds := timer(source, cell, repeats=saga.repeats, patience=patience)) != "keep":
        saga.timer = seconds
    saga.state, saga.is_undoing = target, target in UNDOING
    saga.cancel_reason = saga.cancel_reason or cell.cancels
    if Effect.AUTHORISE in cell.does:
        saga.payment_attempt += 1
        saga.payment_method = happening.payment_method or saga.payment_method
    if cell.to is not None:
        saga.decline_reason = happening.decline_reason if target is State.DECLINED else None
    if cell.is_alarm:
        _raise_alarm(happening, cell.why, state=source)
    return Step(saga, happening, trigger, cell, source, target, saga.version)


def _actual(saga: SagaRow, happening: Happening) -> Trigger:
    is_stale = happening.attempt is not None and happening.attempt < saga.payment_attempt
    return Trigger.STALE_ANSWER if is_stale else happening.trigger


def _send(tx: HotTransaction, step: Step, placed: Mapping[str, PlacedOrder], patience: Patience) -> None:
    cause = step.happening.cause or Cause(step.saga.correlation_id, None, step.saga.traceparent)
    for effect in step.cell.does:
        messages.send(
            tx, effect, step.saga, n=step.n, order=placed.get(step.saga.order_id), patience=patience, cause=cause
        )


async def _write(tx: HotTransaction, steps: Sequence[Step]) -> None:
    await sagas.save(tx, list({step.saga.order_id: step.saga for step in steps}.values()))
    await sagas.log(tx, [_log_row(step) for step in steps])
    confirmed = [step.saga.order_id for step in steps if Effect.TELL_CONFIRMED in step.cell.does]
    if confirmed:
        await orders.confirm(tx, confirmed)
    cancelled = [step.saga for step in steps if Effect.TELL_CANCELLED in step.cell.does]
    if back := [saga.order_id for saga in cancelled if saga.cancel_reason != "buyer-cancelled"]:
        await carts.restore(tx, back)
    if short := {step.saga.order_id: step.happening.shortages for step in steps if step.happening.shortages}:
        await orders.keep_shortages(tx, {key: [s.model_dump() for s in value] for key, value in short.items()})
    for step in steps:
        checkpoint(f"saga.{step.target}")


def _log_row(step: Step) -> LogRow:
    return LogRow(
        step.saga.order_id,
        step.n,
        step.source,
        step.trigger,
        step.happening.event_id,
        step.target,
        tuple(step.cell.does),
    )


def _raise_alarm(happening: Happening, why: str, *, state: State | None = None) -> None:
    ALARMS.labels(state or "unknown", happening.trigger).inc()
    logger.error("saga.alarm", order_id=happening.order_id, trigger=happening.trigger, state=state, why=why)
