"""Events leave through here: rows written in the transaction that they tell about, published later by the relay."""

import zlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson

from chassis import context, tracing
from chassis.db import Connection, Transaction
from chassis.schema import SHARDS
from contracts.event import Event
from contracts.ids import new_event_id

MAX_BYTES = 900_000
"""Below the broker's limit of 1 MiB with room for headers: a larger event fails the request, not the relay."""

_INSERT = """
INSERT INTO outbox (event_id, topic, type, aggregate_id, sequence, shard, correlation_id, causation_id, traceparent, replay, headers, payload)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::smallint[],
                     %s::text[], %s::text[], %s::text[], %s::boolean[], %s::bytea[], %s::bytea[])
"""


class EventTooLarge(ValueError):
    """The event would not fit into a Kafka record."""


def add(
    tx: Transaction,
    event: Event,
    *,
    subject: str,
    sequence: int,
    replay: bool = False,
    cause: context.Cause | None = None,
) -> UUID:
    """Register an event for this transaction's commit and return its id.

    ``subject`` is the aggregate's id and Kafka key. ``sequence`` is the aggregate's own counter, kept on its row and raised
    under its row lock; ``replay`` marks a re-emission with the same sequence. ``cause`` defaults to the one bound here.
    """
    payload = event.to_json()
    if len(payload) > MAX_BYTES:
        raise EventTooLarge(f"{event.type} for {subject} has {len(payload)} bytes")
    cause, event_id = cause or context.current(), new_event_id()
    causes = (cause.correlation_id, cause.causation_id, tracing.traceparent(cause.traceparent))
    _pending(tx).append(
        (event_id, event.topic, event.type, subject, sequence, shard_of(subject), *causes, replay, None, payload)
    )
    return event_id


def add_raw(
    tx: Transaction, *, topic: str, key: str, headers: Sequence[tuple[str, bytes | None]], payload: bytes | None
) -> None:
    """Register a record with headers of its own (a dead letter): kept byte for byte."""
    packed, correlation_id = pack_headers(headers), context.current().correlation_id
    row = (new_event_id(), topic, "raw", key, 0, shard_of(key), correlation_id, None, None, False, packed, payload)
    _pending(tx).append(row)


def shard_of(aggregate_id: str) -> int:
    return zlib.crc32(aggregate_id.encode()) % SHARDS


def pack_headers(headers: Sequence[tuple[str, bytes | None]]) -> bytes:
    """Headers as stored: a JSON list of names and Latin-1 text, which holds any byte, or null."""
    return orjson.dumps([[name, None if value is None else value.decode("latin-1")] for name, value in headers])


def unpack_headers(packed: bytes) -> list[tuple[str, bytes | None]]:
    return [(name, None if text is None else text.encode("latin-1")) for name, text in orjson.loads(packed)]


def _pending(tx: Transaction) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] | None = tx.info.get("outbox")
    if rows is None:
        rows = tx.info["outbox"] = []

        async def write(connection: Connection) -> None:
            await connection.execute(_INSERT, [list(column) for column in zip(*rows, strict=True)])

        tx.info.setdefault("before_commit", []).append(write)
    return rows
