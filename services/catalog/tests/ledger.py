"""The stock invariants I1 and I2 of reliability.md 2.5, asked of the tables."""

from chassis.db import Database

_BROKEN = """
SELECT o.offer_id, o.on_hand, o.reserved, m.moved, r.held
FROM offers o
CROSS JOIN LATERAL (SELECT coalesce(sum(quantity), 0) AS moved FROM stock_movements WHERE offer_id = o.offer_id) m
CROSS JOIN LATERAL (
    SELECT coalesce(sum(l.quantity), 0) AS held FROM reservation_lines l JOIN reservations USING (order_id)
    WHERE l.offer_id = o.offer_id AND status = 'open') r
WHERE o.reserved < 0 OR o.on_hand < o.reserved OR o.on_hand <> m.moved OR o.reserved <> r.held
"""


async def require_invariants(db: Database) -> None:
    async with db.reading() as tx:
        broken = await tx.rows(_BROKEN)
        undecided = await tx.rows("SELECT order_id FROM reservations WHERE status = 'new'")
    assert broken == []
    assert undecided == []


async def figures(db: Database, offer_id: str) -> tuple[int, int]:
    """On hand and reserved."""
    async with db.reading() as tx:
        row = await tx.row("SELECT on_hand, reserved FROM offers WHERE offer_id = %s", (offer_id,))
    assert row is not None
    return row["on_hand"], row["reserved"]
