"""From rows to the values of the domain."""

from typing import Any

from contracts.values import LocalText
from logistics.domain.shipment import Line, Scan, Shipment, Status

SHIPMENT_COLUMNS = """s.shipment_id, s.order_id, s.seller_order_id, s.seller_id, s.buyer_id, s.status, s.last_scan, s.carrier,
       s.tracking_number, s.tracking_url, s.shipped_at, s.delivered_at, s.sequence"""


def to_shipment(row: dict[str, Any]) -> Shipment:
    """One row with ``SHIPMENT_COLUMNS``."""
    status, scan = Status(row["status"]), row["last_scan"]
    return Shipment(**{**row, "status": status, "last_scan": Scan(scan) if scan else None})


def to_line(row: dict[str, Any]) -> Line:
    """One row of ``shipment_lines``."""
    return Line(
        line_id=row["line_id"],
        offer_id=row["offer_id"],
        product_id=row["product_id"],
        title=LocalText(fr=row["title_fr"], en=row["title_en"]),
        quantity=row["quantity"],
    )
