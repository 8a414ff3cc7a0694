"""Statements that write the projections, one per batch."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from chassis.consume import Received
from chassis.db import HotTransaction

Rows = Sequence[Sequence[Any]]
_LOG = """
INSERT INTO event_log (event_id, topic, type, source, subject, sequence, correlation_id, causation_id, time)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::timestamptz[])
ON CONFLICT (event_id) DO NOTHING
"""
_SALES = """
INSERT INTO sale_lines (line_id, order_id, seller_order_id, seller_id, category_id, product_id, quantity, amount, currency, day)
SELECT line, ord, part, seller, category, product, quantity, amount, currency, (moment AT TIME ZONE %s)::date
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::int[], %s::bigint[], %s::text[], %s::timestamptz[])
    AS given (line, ord, part, seller, category, product, quantity, amount, currency, moment)
ON CONFLICT (line_id) DO NOTHING
"""
_ACCRUED = """
INSERT INTO settlements (seller_order_id, order_id, seller_id, gross, commission, net, currency, status, sequence, day)
VALUES (%s, %s, %s, %s, %s, %s, %s, 'accrued', %s, (%s::timestamptz AT TIME ZONE %s)::date)
ON CONFLICT (seller_order_id) DO UPDATE SET gross = excluded.gross, commission = excluded.commission, net = excluded.net,
    day = excluded.day
"""
_PROGRESS = """
INSERT INTO settlements (seller_order_id, order_id, seller_id, gross, commission, net, currency, status, sequence, day)
VALUES (%s, %s, %s, 0, 0, 0, %s, %s, %s, (%s::timestamptz AT TIME ZONE %s)::date)
ON CONFLICT (seller_order_id) DO UPDATE SET status = excluded.status, sequence = excluded.sequence
WHERE settlements.sequence < excluded.sequence
"""
_SELLERS = """
INSERT INTO seller_names (seller_id, name, handle, sequence) VALUES (%s, %s, %s, %s)
ON CONFLICT (seller_id) DO UPDATE SET name = excluded.name, handle = excluded.handle, sequence = excluded.sequence
WHERE seller_names.sequence < excluded.sequence
"""
_VIEWS = """
INSERT INTO page_views (day, page, views) SELECT (moment AT TIME ZONE %s)::date AS day, page, count(*)
FROM unnest(%s::text[], %s::timestamptz[]) AS given (page, moment) GROUP BY 1, 2
ON CONFLICT (day, page) DO UPDATE SET views = page_views.views + excluded.views
"""
_SEARCHES = """
INSERT INTO searches (day, query, locale, searches, without_hits)
SELECT (moment AT TIME ZONE %s)::date, query, locale, count(*), count(*) FILTER (WHERE hits = 0)
FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::timestamptz[]) AS given (query, locale, hits, moment) GROUP BY 1, 2, 3
ON CONFLICT (day, query, locale) DO UPDATE SET
    searches = searches.searches + excluded.searches, without_hits = searches.without_hits + excluded.without_hits
"""
_VISITS = """
INSERT INTO visits (day, page, visit_id) SELECT DISTINCT (moment AT TIME ZONE %s)::date, page, visit
FROM unnest(%s::text[], %s::text[], %s::timestamptz[]) AS given (page, visit, moment) ON CONFLICT DO NOTHING
"""
_BUYERS = """
INSERT INTO buyer_orders (order_id, buyer_id, day) SELECT ord, buyer, (moment AT TIME ZONE %s)::date
FROM unnest(%s::text[], %s::text[], %s::timestamptz[]) AS given (ord, buyer, moment) ON CONFLICT (order_id) DO NOTHING
"""
_FORGET_VISITS = "DELETE FROM visits WHERE day < %s"


async def log_events(tx: HotTransaction, batch: Sequence[Received]) -> None:
    envelopes = [(event.envelope, event.data.topic) for event in batch]
    rows = [
        (str(e.id), topic, e.type, e.source, e.subject, e.sequence, e.correlation_id, e.causation_id, e.time)
        for e, topic in envelopes
    ]
    await tx.execute(_LOG, _columns(rows))


async def add_sales(tx: HotTransaction, rows: Rows, *, timezone: str) -> None:
    """``rows``: line, order, seller order, seller, category, product, quantity, amount, currency, moment."""
    if rows:
        await tx.execute(_SALES, [timezone, *_columns(rows)])


async def add_settlement(tx: HotTransaction, row: Sequence[Any], *, timezone: str) -> None:
    """``row``: seller order, order, seller, gross, commission, net, currency, sequence, moment."""
    await tx.execute(_ACCRUED, [*row, timezone])


async def set_settlement(tx: HotTransaction, row: Sequence[Any], *, timezone: str) -> None:
    """``row``: seller order, order, seller, currency, status, sequence, moment; an older sequence changes nothing."""
    await tx.execute(_PROGRESS, [*row, timezone])


async def set_seller(tx: HotTransaction, *, seller_id: str, name: str, handle: str, sequence: int) -> None:
    await tx.execute(_SELLERS, (seller_id, name, handle, sequence))


async def count_views(tx: HotTransaction, rows: Rows, *, timezone: str) -> None:
    """``rows``: page, moment."""
    if rows:
        await tx.execute(_VIEWS, [timezone, *_columns(rows)])


async def add_visits(tx: HotTransaction, rows: Rows, *, timezone: str) -> None:
    """``rows``: page, visit, moment."""
    if rows:
        await tx.execute(_VISITS, [timezone, *_columns(rows)])


async def add_buyers(tx: HotTransaction, rows: Rows, *, timezone: str) -> None:
    """``rows``: order, buyer, moment of confirmation."""
    if rows:
        await tx.execute(_BUYERS, [timezone, *_columns(rows)])


async def forget_visits(tx: HotTransaction, *, before: date) -> int:
    """Delete the visits of days before; returns how many rows that were."""
    return await tx.count(_FORGET_VISITS, (before,))


async def count_searches(tx: HotTransaction, rows: Rows, *, timezone: str) -> None:
    """``rows``: query, locale, hits, moment."""
    if rows:
        await tx.execute(_SEARCHES, [timezone, *_columns(rows)])


def _columns(rows: Rows) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
