"""I1–I3: units on the shelf, reserved and sold."""

from collections.abc import Iterator

from halles_local.invariants.sources import Sources

_SHELF = "SELECT offer_id, on_hand, reserved FROM offers WHERE on_hand < reserved OR reserved < 0 OR on_hand < 0"
_JOURNAL = """
SELECT o.offer_id, o.on_hand, o.reserved, coalesce(m.moved, 0) AS moved, coalesce(r.held, 0) AS held FROM offers AS o
LEFT JOIN (SELECT offer_id, sum(quantity) AS moved FROM stock_movements GROUP BY 1) AS m USING (offer_id)
LEFT JOIN (SELECT offer_id, sum(quantity) AS held FROM reservation_lines JOIN reservations USING (order_id)
           WHERE status = 'open' GROUP BY 1) AS r USING (offer_id)
WHERE o.on_hand <> coalesce(m.moved, 0) OR o.reserved <> coalesce(r.held, 0)
"""
_OFFERED = """
SELECT offer_id, sum(quantity) AS units FROM stock_movements
WHERE kind = 'listed' OR (kind = 'adjusted' AND quantity > 0) GROUP BY 1
"""
_SOLD = """
SELECT offer_id, sum(quantity) AS units FROM order_lines JOIN sagas USING (order_id)
WHERE sagas.state = 'confirmed' GROUP BY 1
"""


def i01_available_is_never_negative(sources: Sources) -> Iterator[str]:
    for row in sources.rows("catalog", _SHELF):
        yield f"{row['offer_id']}: {row['on_hand']} on hand, {row['reserved']} reserved"


def i02_stock_equals_its_journal(sources: Sources) -> Iterator[str]:
    for row in sources.rows("catalog", _JOURNAL):
        yield f"{row['offer_id']}: on hand {row['on_hand']} but moved {row['moved']}, reserved {row['reserved']} but held {row['held']}"


def i03_nothing_is_sold_that_was_never_offered(sources: Sources) -> Iterator[str]:
    offered = {row["offer_id"]: row["units"] for row in sources.rows("catalog", _OFFERED)}
    for row in sources.rows("order", _SOLD):
        if row["units"] > offered.get(row["offer_id"], 0):
            yield f"{row['offer_id']}: {row['units']} sold of {offered.get(row['offer_id'], 0)}"
