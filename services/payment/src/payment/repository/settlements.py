"""Rows of ``settlements`` and the frozen commission lines behind them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.db import HotTransaction
from payment.domain.commission import CommissionLine, Split
from payment.domain.settlement import Settlement, SettlementState

_FIELDS = """
s.seller_order_id, s.order_id, s.seller_id, s.currency, s.gross, s.commission, s.commission_vat, s.state, s.delivered_at,
s.due_at, s.released_by, s.blocked_reason, s.transfer_id, s.correlation_id, s.sequence
"""
_INSERT = """
INSERT INTO settlements (seller_order_id, order_id, seller_id, currency, gross, commission, commission_vat, net, state, sequence)
SELECT *, 'expected', 0 FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[],
                                    %s::bigint[], %s::bigint[])
ON CONFLICT (seller_order_id) DO NOTHING
"""
_INSERT_LINES = """
INSERT INTO commission_lines (seller_order_id, line_id, base, rate_basis_points, commission, commission_vat)
SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::int[], %s::bigint[], %s::bigint[])
ON CONFLICT (line_id) DO NOTHING
"""
_LOCK_OF_ORDER = f"SELECT {_FIELDS} FROM settlements AS s WHERE order_id = %s ORDER BY seller_order_id FOR UPDATE"  # noqa: S608
_LOCK_ONE = f"SELECT {_FIELDS} FROM settlements AS s WHERE seller_order_id = %s FOR UPDATE"  # noqa: S608
_OF_ORDER = f"SELECT {_FIELDS} FROM settlements AS s WHERE order_id = %s ORDER BY seller_order_id"  # noqa: S608
_SAVE = """
UPDATE settlements SET state = %(state)s, delivered_at = %(delivered_at)s, due_at = %(due_at)s,
    released_by = %(released_by)s, blocked_reason = %(blocked_reason)s, transfer_id = %(transfer_id)s,
    sequence = %(sequence)s, updated_at = clock_timestamp()
WHERE seller_order_id = %(seller_order_id)s
"""
_TERMS = "SELECT order_id, sum(gross)::bigint AS gross FROM settlements WHERE order_id = ANY(%s) GROUP BY order_id"
# The hold runs from the delivery that the carrier told, but a carrier whose clock is ahead cannot lengthen it.
_DELIVERED = """
UPDATE settlements AS s SET delivered_at = told.delivered_at, updated_at = clock_timestamp(),
    due_at = least(told.delivered_at, clock_timestamp()) + make_interval(secs => %s), correlation_id = told.correlation_id
FROM unnest(%s::text[], %s::timestamptz[], %s::text[]) AS told (seller_order_id, delivered_at, correlation_id)
WHERE s.seller_order_id = told.seller_order_id AND s.delivered_at IS NULL
"""
_KNOWN = "SELECT seller_order_id FROM settlements WHERE seller_order_id = ANY(%s)"
_DUE = f"""
SELECT {_FIELDS}, p.charge_id, account.account_id
FROM settlements AS s JOIN payments AS p USING (order_id) JOIN payout_accounts AS account USING (seller_id)
WHERE s.state IN ('held', 'releasable') AND s.due_at <= statement_timestamp()
  AND p.state = 'paid' AND p.fee IS NOT NULL AND account.status IN ('active', 'transfers_only')
ORDER BY s.due_at LIMIT %s FOR UPDATE OF s SKIP LOCKED
"""  # noqa: S608
_RETRY_LATER = """
UPDATE settlements SET due_at = clock_timestamp() + make_interval(secs => %s) WHERE seller_order_id = %s
"""
_RETRY_NOW = "UPDATE settlements SET due_at = clock_timestamp() WHERE seller_id = %s AND state = 'releasable'"
_SKIP_HOLD = """
UPDATE settlements SET due_at = least(due_at, clock_timestamp()), released_by = %s, updated_at = clock_timestamp()
WHERE seller_order_id = %s
"""
_OF_SELLER = f"""
SELECT {_FIELDS} FROM settlements AS s
WHERE seller_id = %s AND state <> 'expected' AND seller_order_id < coalesce(%s::text, 'z')
ORDER BY seller_order_id DESC LIMIT %s
"""  # noqa: S608
_EARNINGS = """
SELECT state AS status, currency, count(*) AS orders, sum(gross)::bigint AS gross,
       sum(commission + commission_vat)::bigint AS commission, sum(net)::bigint AS net, min(due_at) AS next_due_at
FROM settlements WHERE seller_id = %s AND state <> 'expected' GROUP BY state, currency ORDER BY state, currency
"""


@dataclass(frozen=True, slots=True)
class DueSettlement:
    """A settlement that may be released or transferred now, and where from and to."""

    settlement: Settlement
    charge_id: str
    account_id: str


async def freeze_terms(tx: HotTransaction, terms: Sequence[tuple[Settlement, Sequence[CommissionLine]]]) -> None:
    """Write the split of placed orders. A second copy of the same order changes nothing."""
    if not terms:
        return
    await tx.execute(_INSERT, _columns(_frozen(settlement) for settlement, _ in terms))
    lines = [
        (
            settlement.seller_order_id,
            line.line_id,
            line.base,
            line.rate_basis_points,
            line.commission,
            line.commission_vat,
        )
        for settlement, frozen in terms
        for line in frozen
    ]
    if lines:
        await tx.execute(_INSERT_LINES, _columns(lines))


async def gross_of_orders(tx: HotTransaction, order_ids: Iterable[str]) -> dict[str, int]:
    """Return the sum of the frozen shares of each order whose terms are known."""
    return {row["order_id"]: row["gross"] for row in await tx.rows(_TERMS, (list(order_ids),))}


async def lock_settlements(tx: HotTransaction, order_id: str) -> list[Settlement]:
    return [_settlement(row) for row in await tx.rows(_LOCK_OF_ORDER, (order_id,))]


async def lock_settlement(tx: HotTransaction, seller_order_id: str) -> Settlement | None:
    row = await tx.row(_LOCK_ONE, (seller_order_id,))
    return _settlement(row) if row else None


async def settlements_of_order(tx: HotTransaction, order_id: str) -> list[Settlement]:
    return [_settlement(row) for row in await tx.rows(_OF_ORDER, (order_id,))]


async def lock_due(tx: HotTransaction, *, limit: int) -> list[DueSettlement]:
    """Lock settlements whose time has come, whose fee is known and whose seller can be paid; other workers skip them."""
    rows = await tx.rows(_DUE, (limit,))
    return [DueSettlement(_settlement(row), row["charge_id"], row["account_id"]) for row in rows]


async def save_settlements(tx: HotTransaction, settlements: Iterable[Settlement]) -> None:
    """Write settlements that this transaction locked; the split itself never changes."""
    names = (
        "seller_order_id",
        "state",
        "delivered_at",
        "due_at",
        "released_by",
        "blocked_reason",
        "transfer_id",
        "sequence",
    )
    async with tx.pipeline():
        for settlement in settlements:
            await tx.execute(_SAVE, {name: getattr(settlement, name) for name in names})


async def record_deliveries(
    tx: HotTransaction, deliveries: Sequence[tuple[str, datetime, str]], *, hold_seconds: int
) -> set[str]:
    """Start the hold of delivered seller orders (id, moment, correlation); return those that are not known here."""
    ids, moments, correlations = _columns(deliveries)
    await tx.execute(_DELIVERED, (hold_seconds, ids, moments, correlations))
    return set(ids) - {row["seller_order_id"] for row in await tx.rows(_KNOWN, (ids,))}


async def retry_later(tx: HotTransaction, seller_order_id: str, *, pause_seconds: int) -> None:
    """Put the next transfer off."""
    await tx.execute(_RETRY_LATER, (pause_seconds, seller_order_id))


async def retry_now(tx: HotTransaction, seller_id: str) -> None:
    """What a seller has waiting may be transferred at once: their account works again."""
    await tx.execute(_RETRY_NOW, (seller_id,))


async def skip_hold(tx: HotTransaction, seller_order_id: str, *, operator: str) -> None:
    """End the hold now, and remember who decided it."""
    await tx.execute(_SKIP_HOLD, (operator, seller_order_id))


async def settlements_of_seller(
    tx: HotTransaction, seller_id: str, *, before: str | None, limit: int
) -> list[Settlement]:
    """Return a page of a seller's settlements, newest first."""
    return [_settlement(row) for row in await tx.rows(_OF_SELLER, (seller_id, before, limit))]


async def earnings_of_seller(tx: HotTransaction, seller_id: str) -> list[dict[str, Any]]:
    """A seller's settlements summed by state and currency, in minor units."""
    return await tx.rows(_EARNINGS, (seller_id,))


def _settlement(row: Mapping[str, Any]) -> Settlement:
    who = ("seller_order_id", "order_id", "seller_id", "currency", "correlation_id", "sequence")
    names = (*who, "delivered_at", "due_at", "released_by", "blocked_reason", "transfer_id")
    return Settlement(
        split=Split(row["gross"], row["commission"], row["commission_vat"]),
        state=SettlementState(row["state"]),
        **{name: row[name] for name in names},
    )


def _frozen(settlement: Settlement) -> tuple[Any, ...]:
    part = settlement.split
    who = (settlement.seller_order_id, settlement.order_id, settlement.seller_id, settlement.currency)
    return (*who, part.gross, part.commission, part.commission_vat, part.net)


def _columns(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
