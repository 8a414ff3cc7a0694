"""Balance transactions of the provider that are not available yet."""

from collections.abc import Mapping
from typing import Any

from chassis.db import HotTransaction
from payment.domain.facts import Movement

_INSERT = """
INSERT INTO balance_movements (movement_id, order_id, currency, net, available_at, is_available)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (movement_id) DO NOTHING
"""
_PENDING = """
SELECT movement_id, order_id, currency, net FROM balance_movements
WHERE NOT is_available AND (available_at <= statement_timestamp() OR %s) ORDER BY available_at LIMIT %s
"""
_AVAILABLE = (
    "UPDATE balance_movements SET is_available = true WHERE movement_id = %s AND NOT is_available RETURNING net"
)
_LATER = "UPDATE balance_movements SET available_at = clock_timestamp() + interval '10 minutes' WHERE movement_id = %s"


async def record(tx: HotTransaction, movement: Movement, *, order_id: str, net: int) -> None:
    """Remember a movement; ``net`` is its effect on our ledger's pending account, if it is pending."""
    values = (movement.movement_id, order_id, movement.currency, net, movement.available_at, movement.is_available)
    await tx.execute(_INSERT, values)


async def pending(tx: HotTransaction, *, limit: int, is_told: bool) -> list[Mapping[str, Any]]:
    """Return movements that should be available by now; with ``is_told`` the oldest ones whatever their date."""
    return list(await tx.rows(_PENDING, (is_told, limit)))


async def mark_available(tx: HotTransaction, movement_id: str) -> bool:
    """Note that a movement settled; False when that was known."""
    return await tx.row(_AVAILABLE, (movement_id,)) is not None


async def look_later(tx: HotTransaction, movement_id: str) -> None:
    """The provider has not settled it yet."""
    await tx.execute(_LATER, (movement_id,))
