"""Rows of ``payment_operations``: planned in the transaction of the decision, claimed and resolved by the worker."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chassis.db import HotTransaction
from payment.domain.operation import Kind, Operation, OperationState

_FIELDS = """
operation_id, kind, business_key, attempt, subject_id, request, state, card_attempt, error, is_failure_final,
is_key_mismatched, tries, sent_at, correlation_id, causation_id, traceparent,
extract(epoch FROM clock_timestamp() - sent_at)::int AS age_seconds
"""
_INSERT = """
INSERT INTO payment_operations (operation_id, kind, business_key, attempt, idempotency_key, subject_id, card_attempt,
                                request, request_hash, state, tries, correlation_id, causation_id, traceparent,
                                sent_at, next_try_at)
SELECT operation_id, kind, business_key, attempt, business_key || ':' || attempt, subject_id, card_attempt,
       request, request_hash, state, tries, correlation_id, causation_id, traceparent,
       CASE WHEN tries > 0 THEN clock_timestamp() END, clock_timestamp() + make_interval(secs => %(pause)s)
FROM unnest(%(operation_id)s::text[], %(kind)s::text[], %(business_key)s::text[], %(subject_id)s::text[],
            %(card_attempt)s::int[], %(request)s::bytea[], %(request_hash)s::bytea[], %(state)s::text[], %(tries)s::int[],
            %(correlation_id)s::text[], %(causation_id)s::text[], %(traceparent)s::text[])
     AS planned (operation_id, kind, business_key, subject_id, card_attempt, request, request_hash, state, tries,
                 correlation_id, causation_id, traceparent),
     LATERAL (SELECT coalesce(max(attempt), 0) + 1 AS attempt FROM payment_operations AS earlier
              WHERE earlier.business_key = planned.business_key) AS number
RETURNING operation_id, attempt
"""
_COLUMNS = (
    "operation_id", "kind", "business_key", "subject_id", "card_attempt", "request", "request_hash", "state", "tries",
    "correlation_id", "causation_id", "traceparent",
)  # fmt: skip
_CLAIM = f"""
UPDATE payment_operations SET
    state = CASE state WHEN 'planned' THEN 'sending' ELSE state END,
    sent_at = coalesce(sent_at, clock_timestamp()), tries = tries + 1,
    next_try_at = clock_timestamp() + make_interval(secs => %(lease)s)
WHERE operation_id IN (
    SELECT operation_id FROM payment_operations
    WHERE state IN ('planned', 'sending', 'unknown') AND next_try_at <= statement_timestamp()
      AND operation_id <> ALL(%(running)s)
    ORDER BY next_try_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING {_FIELDS}
"""  # noqa: S608
_RESOLVE = f"""
UPDATE payment_operations SET state = %s, provider_id = %s, error = %s, resolved_at = clock_timestamp()
WHERE operation_id = %s AND state IN ('planned', 'sending', 'unknown')
RETURNING {_FIELDS}
"""  # noqa: S608
_POSTPONE = """
UPDATE payment_operations SET state = %s, error = %s, is_failure_final = %s, is_key_mismatched = %s,
    next_try_at = clock_timestamp() + make_interval(secs => %s)
WHERE operation_id = %s AND state IN ('planned', 'sending', 'unknown')
"""
_REVOKE = """
UPDATE payment_operations SET state = 'rejected', error = 'revoked', resolved_at = clock_timestamp()
WHERE subject_id = ANY(%s) AND state = 'planned' RETURNING subject_id
"""
_IN_DOUBT = """
SELECT count(*) AS number, coalesce(max(extract(epoch FROM clock_timestamp() - sent_at)), 0)::int AS oldest_seconds
FROM payment_operations WHERE state = 'unknown'
"""
_OF_SUBJECT = """
SELECT operation_id, kind, business_key, attempt, state, provider_id, error, tries, planned_at, sent_at, resolved_at
FROM payment_operations WHERE subject_id = ANY(%s) ORDER BY operation_id
"""


async def insert(
    tx: HotTransaction, operations: Iterable[Operation], *, lease_seconds: int = 0, pause_seconds: int = 0
) -> None:
    """Write decided calls, numbering their attempts. With a lease they are already marked as being sent by the caller."""
    planned = list(operations)
    if not planned:
        return
    for operation in planned if lease_seconds else ():
        operation.state, operation.tries = OperationState.SENDING, 1
    columns: dict[str, Any] = {name: [getattr(operation, name) for operation in planned] for name in _COLUMNS}
    rows = await tx.rows(_INSERT, columns | {"pause": lease_seconds or pause_seconds})
    attempts = {row["operation_id"]: row["attempt"] for row in rows}
    for operation in planned:
        operation.attempt = attempts[operation.operation_id]


async def claim(tx: HotTransaction, *, lease_seconds: int, limit: int, running: Sequence[str]) -> list[Operation]:
    """Mark due calls as being sent and return them. Another worker takes over those whose lease has run out."""
    found = await tx.rows(_CLAIM, {"lease": lease_seconds, "limit": limit, "running": list(running)})
    return [_operation(row) for row in found]


async def resolve(
    tx: HotTransaction, operation_id: str, state: OperationState, *, provider_id: str | None, error: str | None
) -> Operation | None:
    """Write the definite end of a call; None when somebody else did before."""
    row = await tx.row(_RESOLVE, (state, provider_id, error, operation_id))
    return _operation(row) if row else None


async def postpone(tx: HotTransaction, operation: Operation, *, pause_seconds: int) -> None:
    """Write what is known so far; the worker asks again after the pause."""
    flags = (operation.is_failure_final, operation.is_key_mismatched)
    await tx.execute(_POSTPONE, (operation.state, operation.error, *flags, pause_seconds, operation.operation_id))


async def revoke_planned(tx: HotTransaction, subject_ids: Sequence[str]) -> set[str]:
    """Take back calls that nobody has begun to send."""
    return {row["subject_id"] for row in await tx.rows(_REVOKE, (list(subject_ids),))} if subject_ids else set()


async def in_doubt(tx: HotTransaction) -> tuple[int, int]:
    """Return how many calls are unknown and for how many seconds the oldest has been."""
    row = await tx.row(_IN_DOUBT)
    return (row["number"], row["oldest_seconds"]) if row else (0, 0)


async def of_subjects(tx: HotTransaction, subject_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Return the calls about these subjects, oldest first, for an operator to look at."""
    return await tx.rows(_OF_SUBJECT, (list(subject_ids),))


def _operation(row: Mapping[str, Any]) -> Operation:
    changed = {"kind": Kind(row["kind"]), "state": OperationState(row["state"]), "request": bytes(row["request"])}
    return Operation(**{**row, **changed, "age_seconds": row["age_seconds"] or 0})
