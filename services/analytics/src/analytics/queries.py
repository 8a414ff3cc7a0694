"""Statements that read the figures."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from chassis.db import HotTransaction

GroupBy = Literal["day", "seller", "category"]
_KEYS: dict[GroupBy, str] = {"day": "s.day::text", "seller": "s.seller_id", "category": "s.category_id"}
_SALES = """
WITH lines AS (
    SELECT {key} AS key, s.currency, count(DISTINCT s.order_id) AS orders, sum(s.quantity) AS units, sum(s.amount) AS gross
    FROM sale_lines AS s WHERE s.day BETWEEN %(first)s AND %(last)s AND (%(seller)s::text IS NULL OR s.seller_id = %(seller)s)
    GROUP BY 1, 2
), earned AS (
    SELECT {earned} AS key, s.currency, sum(t.commission) AS commission, sum(t.net) AS net
    FROM (SELECT DISTINCT seller_order_id, seller_id, day, currency FROM sale_lines
          WHERE day BETWEEN %(first)s AND %(last)s AND (%(seller)s::text IS NULL OR seller_id = %(seller)s)) AS s
    JOIN settlements AS t USING (seller_order_id) GROUP BY 1, 2
)
SELECT l.key, l.currency, l.orders, l.units::bigint, l.gross::bigint, e.commission::bigint, e.net::bigint, n.name
FROM lines AS l LEFT JOIN earned AS e ON (e.key, e.currency) = (l.key, l.currency)
LEFT JOIN seller_names AS n ON n.seller_id = l.key ORDER BY l.key, l.currency
"""
_TRACE = """
SELECT event_id, topic, type, source, subject, sequence, correlation_id, causation_id, time FROM event_log
WHERE correlation_id = %(id)s OR subject = %(id)s ORDER BY time, event_id LIMIT 500
"""


async def sales(
    tx: HotTransaction, *, group_by: GroupBy, first: date, last: date, seller_id: str | None = None
) -> list[dict[str, Any]]:
    """Figures of confirmed orders by key and currency. Commission is booked per seller order, so categories have none."""
    earned = "NULL::text" if group_by == "category" else _KEYS[group_by]
    query = _SALES.format(key=_KEYS[group_by], earned=earned)
    return await tx.rows(query, {"first": first, "last": last, "seller": seller_id})


async def totals(tx: HotTransaction, *, first: date, last: date, seller_id: str | None = None) -> list[dict[str, Any]]:
    """The same, summed per currency."""
    query = _SALES.format(key="'all'::text", earned="'all'::text")
    return await tx.rows(query, {"first": first, "last": last, "seller": seller_id})


async def trace(tx: HotTransaction, *, anchor: str) -> Sequence[dict[str, Any]]:
    """Events of one correlation id, or about one aggregate, in time order."""
    return await tx.rows(_TRACE, {"id": anchor})
