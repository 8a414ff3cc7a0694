"""Rows of the saga: locked before they are read, written back in one statement per batch, logged in another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from chassis.db import HotTransaction

_COLUMNS = """s.order_id, o.buyer_id, s.state, s.version, s.repeats, s.payment_attempt, s.payment_method, s.cancel_reason,
       s.decline_reason, s.order_sequence, s.catalog_sequence, s.payment_sequence, s.correlation_id, s.traceparent"""
_LOCK = f"""
SELECT {_COLUMNS} FROM sagas AS s JOIN orders AS o USING (order_id)
WHERE s.order_id = ANY(%s) ORDER BY s.order_id FOR UPDATE OF s
"""  # noqa: S608
_LOCK_DUE = f"""
SELECT {_COLUMNS} FROM sagas AS s JOIN orders AS o USING (order_id)
WHERE s.deadline_at <= statement_timestamp() ORDER BY s.deadline_at LIMIT %s FOR UPDATE OF s SKIP LOCKED
"""  # noqa: S608
_INSERT = """
INSERT INTO sagas (order_id, state, version, payment_method, deadline_at, order_sequence, catalog_sequence,
                   correlation_id, traceparent)
VALUES (%s, %s, 1, %s, clock_timestamp() + make_interval(secs => %s), %s, %s, %s, %s)
"""
_UPDATE = """
UPDATE sagas AS s SET state = n.state, version = n.version, repeats = n.repeats, payment_attempt = n.payment_attempt,
    payment_method = n.payment_method, cancel_reason = n.cancel_reason, decline_reason = n.decline_reason,
    order_sequence = n.order_sequence, catalog_sequence = n.catalog_sequence, payment_sequence = n.payment_sequence,
    deadline_at = CASE WHEN n.keeps_deadline THEN s.deadline_at
                       ELSE clock_timestamp() + make_interval(secs => n.seconds) END,
    compensating_since = CASE WHEN n.is_undoing THEN coalesce(s.compensating_since, clock_timestamp()) END,
    updated_at = clock_timestamp()
FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[],
            %s::bigint[], %s::bigint[], %s::bigint[], %s::boolean[], %s::double precision[], %s::boolean[])
    AS n (order_id, state, version, repeats, payment_attempt, payment_method, cancel_reason, decline_reason,
          order_sequence, catalog_sequence, payment_sequence, keeps_deadline, seconds, is_undoing)
WHERE s.order_id = n.order_id
"""
_LOG = """
INSERT INTO saga_log (order_id, n, from_state, trigger, event_id, to_state, does)
SELECT order_id, n, from_state, trigger, event_id, to_state, string_to_array(does, ' ')
FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::uuid[], %s::text[], %s::text[])
    AS l (order_id, n, from_state, trigger, event_id, to_state, does)
"""
_OPEN = """
SELECT state, count(*) AS waiting, greatest(0, extract(epoch FROM clock_timestamp() - min(deadline_at)))::float AS overdue
FROM sagas WHERE deadline_at IS NOT NULL GROUP BY state
"""
_OLDEST = """
SELECT coalesce(extract(epoch FROM clock_timestamp() - min(compensating_since)), 0)::bigint AS seconds
FROM sagas WHERE compensating_since IS NOT NULL
"""


@dataclass(slots=True, kw_only=True)
class SagaRow:
    """A locked saga, changed in memory and saved once. ``timer``: seconds from now, None for no deadline, or keep it."""

    order_id: str
    buyer_id: str
    state: str
    version: int
    repeats: int
    payment_attempt: int
    payment_method: str
    cancel_reason: str | None
    decline_reason: str | None
    order_sequence: int
    catalog_sequence: int
    payment_sequence: int
    correlation_id: str
    traceparent: str | None
    timer: int | Literal["keep"] | None = "keep"
    is_undoing: bool = False


@dataclass(frozen=True, slots=True)
class LogRow:
    """One entry of the audit trail."""

    order_id: str
    n: int
    from_state: str | None
    trigger: str
    event_id: UUID | None
    to_state: str
    does: tuple[str, ...]


async def lock(tx: HotTransaction, order_ids: Sequence[str]) -> dict[str, SagaRow]:
    """Lock these sagas in one order for everybody, so that batches cannot deadlock."""
    rows = await tx.rows(_LOCK, (list(set(order_ids)),))
    return {row["order_id"]: SagaRow(**row) for row in rows}


async def lock_due(tx: HotTransaction, limit: int) -> dict[str, SagaRow]:
    """Lock sagas whose deadline has passed by the database's clock, leaving those that another replica holds."""
    return {row["order_id"]: SagaRow(**row) for row in await tx.rows(_LOCK_DUE, (limit,))}


async def insert(tx: HotTransaction, saga: SagaRow) -> None:
    """A new saga with its first deadline and first log entry."""
    cause = (saga.correlation_id, saga.traceparent)
    sequences = (saga.order_sequence, saga.catalog_sequence)
    await tx.execute(_INSERT, (saga.order_id, saga.state, saga.payment_method, saga.timer, *sequences, *cause))


async def save(tx: HotTransaction, sagas: Sequence[SagaRow]) -> None:
    """Write changed sagas back."""
    if sagas:
        await tx.execute(_UPDATE, [list(column) for column in zip(*map(_row, sagas), strict=True)])


async def log(tx: HotTransaction, entries: Sequence[LogRow]) -> None:
    """Append to the audit trail."""
    rows = [(e.order_id, e.n, e.from_state, e.trigger, e.event_id, e.to_state, " ".join(e.does)) for e in entries]
    if rows:
        await tx.execute(_LOG, [list(column) for column in zip(*rows, strict=True)])


async def open_by_state(tx: HotTransaction) -> dict[str, tuple[int, float]]:
    """How many sagas wait in each state, and how many seconds ago the oldest deadline there passed (0 when none has)."""
    return {row["state"]: (row["waiting"], row["overdue"]) for row in await tx.rows(_OPEN)}


async def oldest_compensation_seconds(tx: HotTransaction) -> int:
    """Age of the compensation that has been going on for longest; 0 without any."""
    row = await tx.row(_OLDEST)
    return int(row["seconds"]) if row else 0


def _row(saga: SagaRow) -> tuple[Any, ...]:
    return (
        saga.order_id,
        saga.state,
        saga.version,
        saga.repeats,
        saga.payment_attempt,
        saga.payment_method,
        saga.cancel_reason,
        saga.decline_reason,
        saga.order_sequence,
        saga.catalog_sequence,
        saga.payment_sequence,
        saga.timer == "keep",
        saga.timer if isinstance(saga.timer, int) else None,
        saga.is_undoing,
    )
