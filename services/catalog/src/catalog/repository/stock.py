"""Loading and saving the stock book of a batch: few statements, however many orders and lines it has."""

from collections.abc import Collection, Sequence
from typing import Any

from psycopg.types.json import Jsonb

from catalog.domain.stock import Reservation, Status, Stock, StockBook
from catalog.repository import offers
from chassis.db import HotTransaction
from contracts.catalog import Shortage

_OPEN_FILES = """
INSERT INTO reservations (order_id, status) SELECT id, 'new' FROM unnest(%(orders)s::text[]) AS id ORDER BY id
ON CONFLICT (order_id) DO NOTHING
"""
_LOCK_RESERVATIONS = """
SELECT order_id, status, sequence, expires_at, shortages FROM reservations
WHERE order_id = ANY(%(orders)s) ORDER BY order_id FOR UPDATE
"""
_LINES = "SELECT order_id, offer_id, quantity FROM reservation_lines WHERE order_id = ANY(%(orders)s)"
_STOCKS = """
SELECT clock_timestamp() AS now, o.offer_id, o.on_hand, o.reserved, o.status = 'active' AS is_sold
FROM (VALUES (1)) AS always LEFT JOIN shop_offers o ON o.offer_id = ANY(%(ids)s)
"""
_DUE = """
SELECT order_id FROM reservations WHERE status = 'open' AND expires_at <= statement_timestamp()
ORDER BY expires_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""
_SAVE_STOCKS = """
UPDATE offers o SET on_hand = n.on_hand, reserved = n.reserved, sequence = o.sequence + n.step
FROM unnest(%(ids)s::text[], %(on_hand)s::bigint[], %(reserved)s::bigint[], %(steps)s::bigint[])
     AS n (offer_id, on_hand, reserved, step)
WHERE o.offer_id = n.offer_id
"""
_SAVE_RESERVATIONS = """
UPDATE reservations r SET status = n.status, sequence = n.sequence, expires_at = n.expires_at, shortages = n.shortages
FROM unnest(%(ids)s::text[], %(statuses)s::text[], %(sequences)s::bigint[], %(expires)s::timestamptz[], %(shortages)s::jsonb[])
     AS n (order_id, status, sequence, expires_at, shortages)
WHERE r.order_id = n.order_id
"""
_SAVE_LINES = """
INSERT INTO reservation_lines (order_id, offer_id, quantity)
SELECT * FROM unnest(%(orders)s::text[], %(offers)s::text[], %(quantities)s::bigint[])
"""
_SAVE_MOVEMENTS = """
INSERT INTO stock_movements (offer_id, order_id, kind, quantity)
SELECT * FROM unnest(%(offers)s::text[], %(orders)s::text[], %(kinds)s::text[], %(quantities)s::bigint[])
"""


async def lock_due_orders(tx: HotTransaction, *, limit: int) -> list[str]:
    """Orders whose hold is over by the database's clock; replicas share them."""
    return [row["order_id"] for row in await tx.rows(_DUE, {"limit": limit})]


async def load_book(tx: HotTransaction, order_ids: Collection[str], *, offer_ids: Collection[str] = ()) -> StockBook:
    """Lock these orders' reservations (made when missing), then their offers and ``offer_ids``, each in the order of ids.

    Reservations always come before offers, so that no two batches wait for each other.
    """
    orders = {"orders": sorted(order_ids)}
    async with tx.pipeline():
        await tx.execute(_OPEN_FILES, orders)
        locked = await tx.execute(_LOCK_RESERVATIONS, orders)
        lines = await tx.execute(_LINES, orders)
        reservations = _reservations(await locked.fetchall(), await lines.fetchall())
    held = {offer_id for reservation in reservations.values() for offer_id in reservation.lines}
    ids = sorted(held.union(offer_ids))
    async with tx.pipeline():
        await offers.lock(tx, ids)
        found = await tx.execute(_STOCKS, {"ids": ids})
        rows = await found.fetchall()
    stocks = {row["offer_id"]: _stock(row) for row in rows if row["offer_id"]}
    return StockBook(stocks, reservations, now=rows[0]["now"])


async def save_book(tx: HotTransaction, book: StockBook) -> list[str]:
    """Write what the batch changed; returns the ids of the offers to be told about, whose sequences are raised."""
    changed = book.changed_stocks()
    told = {offer_id for offer_id in changed if book.is_seen(offer_id)}
    async with tx.pipeline():
        if changed:
            await tx.execute(_SAVE_STOCKS, _stock_columns(changed, told))
        await tx.execute(_SAVE_RESERVATIONS, _reservation_columns(list(book.reservations.values())))
        if lines := _line_columns(book):
            await tx.execute(_SAVE_LINES, lines)
        if book.movements:
            await tx.execute(_SAVE_MOVEMENTS, _movement_columns(book))
    return sorted(told)


def _reservations(rows: Sequence[dict[str, Any]], lines: Sequence[dict[str, Any]]) -> dict[str, Reservation]:
    found = {row["order_id"]: _reservation(row) for row in rows}
    for line in lines:
        found[line["order_id"]].lines[line["offer_id"]] = line["quantity"]
    return found


def _reservation(row: dict[str, Any]) -> Reservation:
    shortages = tuple(Shortage.model_validate(item) for item in row["shortages"])
    return Reservation(row["order_id"], Status(row["status"]), row["sequence"], {}, row["expires_at"], shortages)


def _stock(row: dict[str, Any]) -> Stock:
    return Stock(row["on_hand"], row["reserved"], row["is_sold"])


def _stock_columns(changed: dict[str, Stock], told: Collection[str]) -> dict[str, list[Any]]:
    stocks = list(changed.values())
    return {
        "ids": list(changed),
        "on_hand": [stock.on_hand for stock in stocks],
        "reserved": [stock.reserved for stock in stocks],
        "steps": [int(offer_id in told) for offer_id in changed],
    }


def _reservation_columns(reservations: Sequence[Reservation]) -> dict[str, list[Any]]:
    return {
        "ids": [reservation.order_id for reservation in reservations],
        "statuses": [reservation.status.value for reservation in reservations],
        "sequences": [reservation.sequence for reservation in reservations],
        "expires": [reservation.expires_at for reservation in reservations],
        "shortages": [
            Jsonb([shortage.model_dump() for shortage in reservation.shortages]) for reservation in reservations
        ],
    }


def _line_columns(book: StockBook) -> dict[str, list[Any]]:
    lines = [
        (reservation.order_id, offer_id, quantity)
        for reservation in book.opened
        for offer_id, quantity in reservation.lines.items()
    ]
    return _columns(("orders", "offers", "quantities"), lines)


def _movement_columns(book: StockBook) -> dict[str, list[Any]]:
    moved = [(move.offer_id, move.order_id, move.kind.value, move.quantity) for move in book.movements]
    return _columns(("offers", "orders", "kinds", "quantities"), moved)


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)} if rows else {}
