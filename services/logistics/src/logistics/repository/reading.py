"""Shipments as buyers and sellers read them. Every statement filters by who asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.db import HotTransaction
from logistics.domain.shipment import Line, Shipment
from logistics.repository.rows import SHIPMENT_COLUMNS, to_line, to_shipment

_REGISTRATION = "r.state AS registration_state, r.error AS registration_error"
_FROM = "FROM shipments AS s LEFT JOIN registrations AS r USING (shipment_id)"
_OF_ORDER = f"""
SELECT {SHIPMENT_COLUMNS}, {_REGISTRATION} {_FROM}
WHERE s.order_id = %(order_id)s AND (%(buyer_id)s::text IS NULL OR s.buyer_id = %(buyer_id)s) ORDER BY s.shipment_id
"""
_KNOWS = "SELECT 1 FROM known_orders WHERE order_id = %(order_id)s AND (%(buyer_id)s::text IS NULL OR buyer_id = %(buyer_id)s)"
_OF_SELLER = f"""
SELECT {SHIPMENT_COLUMNS}, {_REGISTRATION} {_FROM}
WHERE s.seller_id = %(seller_id)s AND s.shipment_id < coalesce(%(before)s::text, 'z')
  AND (%(order)s::text IS NULL OR s.seller_order_id = %(order)s OR s.order_id = %(order)s)
ORDER BY s.shipment_id DESC LIMIT %(limit)s
"""
_ONE = f"""
SELECT {SHIPMENT_COLUMNS}, {_REGISTRATION} {_FROM}
WHERE s.shipment_id = %(shipment_id)s AND s.seller_id = %(seller_id)s
"""
_LINES = "SELECT * FROM shipment_lines WHERE shipment_id = ANY(%s) ORDER BY shipment_id, position"
_STEPS = (
    "SELECT shipment_id, status, occurred_at FROM shipment_steps WHERE shipment_id = ANY(%s) ORDER BY shipment_id, n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentDetail:
    """A shipment with what is in it and where it has been."""

    shipment: Shipment
    registration_state: str | None
    registration_error: str | None
    lines: tuple[Line, ...]
    timeline: tuple[tuple[str, datetime], ...]


async def of_order(tx: HotTransaction, order_id: str, *, buyer_id: str | None) -> list[ShipmentDetail] | None:
    """Parcels of this buyer's order (of anybody's with None); None when there is no such order."""
    params = {"order_id": order_id, "buyer_id": buyer_id}
    rows = await tx.rows(_OF_ORDER, params)
    if not rows and await tx.row(_KNOWS, params) is None:
        return None
    return await _details(tx, rows)


async def of_seller(
    tx: HotTransaction, seller_id: str, *, order: str | None, before: str | None, limit: int
) -> list[ShipmentDetail]:
    """A shop's parcels, newest first; ``order`` narrows to a seller order or an order."""
    params = {"seller_id": seller_id, "order": order, "before": before, "limit": limit}
    return await _details(tx, await tx.rows(_OF_SELLER, params))


async def find(tx: HotTransaction, shipment_id: str, *, seller_id: str) -> ShipmentDetail | None:
    """One parcel of this shop."""
    found = await _details(tx, await tx.rows(_ONE, {"shipment_id": shipment_id, "seller_id": seller_id}))
    return found[0] if found else None


async def _details(tx: HotTransaction, rows: Sequence[dict[str, Any]]) -> list[ShipmentDetail]:
    if not rows:
        return []
    ids = [row["shipment_id"] for row in rows]
    lines, steps = await tx.rows(_LINES, (ids,)), await tx.rows(_STEPS, (ids,))
    return [
        ShipmentDetail(
            registration_state=row.pop("registration_state"),
            registration_error=row.pop("registration_error"),
            shipment=to_shipment(row),
            lines=tuple(to_line(line) for line in lines if line["shipment_id"] == row["shipment_id"]),
            timeline=tuple(
                (step["status"], step["occurred_at"]) for step in steps if step["shipment_id"] == row["shipment_id"]
            ),
        )
        for row in rows
    ]
