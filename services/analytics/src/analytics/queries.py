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
_AUDIENCE = """
WITH days AS (SELECT generate_series(%(first)s::date, %(last)s::date, interval '1 day')::date AS day),
came AS (SELECT day, count(DISTINCT visit_id) AS visits FROM visits WHERE day BETWEEN %(first)s AND %(last)s GROUP BY day),
bought AS (
    SELECT b.day, count(*) AS orders, count(DISTINCT b.buyer_id) AS buyers,
           count(DISTINCT b.buyer_id) FILTER (WHERE NOT EXISTS (
               SELECT FROM buyer_orders AS e WHERE e.buyer_id = b.buyer_id AND e.day < b.day)) AS new_buyers
    FROM buyer_orders AS b WHERE b.day BETWEEN %(first)s AND %(last)s GROUP BY b.day
),
sought AS (
    SELECT day, sum(searches)::bigint AS searches, sum(without_hits)::bigint AS without_hits
    FROM searches WHERE day BETWEEN %(first)s AND %(last)s GROUP BY day
)
SELECT day, coalesce(visits, 0) AS visits, coalesce(orders, 0) AS orders, coalesce(buyers, 0) AS buyers,
       coalesce(new_buyers, 0) AS new_buyers, coalesce(searches, 0) AS searches, coalesce(without_hits, 0) AS without_hits
FROM days LEFT JOIN came USING (day) LEFT JOIN bought USING (day) LEFT JOIN sought USING (day) ORDER BY day
"""
_REACHED = """
SELECT page, count(DISTINCT visit_id) AS visits FROM visits WHERE day BETWEEN %(first)s AND %(last)s
GROUP BY page ORDER BY visits DESC, page LIMIT 50
"""
_UNANSWERED = """
SELECT query, sum(searches)::bigint AS searches FROM searches
WHERE day BETWEEN %(first)s AND %(last)s AND without_hits > 0 GROUP BY query ORDER BY searches DESC, query LIMIT 10
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


async def audience(tx: HotTransaction, *, first: date, last: date) -> Sequence[dict[str, Any]]:
    """Visits, buyers, orders and searches of each day, days without any included."""
    return await tx.rows(_AUDIENCE, {"first": first, "last": last})


async def reached(tx: HotTransaction, *, first: date, last: date) -> Sequence[dict[str, Any]]:
    """How many visits saw each page."""
    return await tx.rows(_REACHED, {"first": first, "last": last})


async def unanswered(tx: HotTransaction, *, first: date, last: date) -> Sequence[dict[str, Any]]:
    """The searches that found nothing, the most frequent first."""
    return await tx.rows(_UNANSWERED, {"first": first, "last": last})
