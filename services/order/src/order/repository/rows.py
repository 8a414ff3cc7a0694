"""From rows to the values of the domain, shared by the modules that read orders."""

from collections.abc import Sequence
from typing import Any

from contracts.values import LocalText, Money
from order.domain.order import Line, SellerPart, ShippingAddress

LINE_COLUMNS = """l.line_id, l.order_id, l.seller_order_id, l.offer_id, l.product_id, l.variant_id, l.sku, l.category_id,
       l.title_fr, l.title_en, l.variant_fr, l.variant_en, l.image_url, l.quantity, l.unit_price, l.amount"""


def to_line(row: dict[str, Any]) -> Line:
    """One row of ``order_lines`` with the order's ``currency``."""
    return Line(
        line_id=row["line_id"],
        offer_id=row["offer_id"],
        product_id=row["product_id"],
        variant_id=row["variant_id"],
        sku=row["sku"],
        category_id=row["category_id"],
        title=LocalText(fr=row["title_fr"], en=row["title_en"]),
        variant=LocalText(fr=row["variant_fr"], en=row["variant_en"]),
        image_url=row["image_url"],
        quantity=row["quantity"],
        unit_price=Money(amount=row["unit_price"], currency=row["currency"]),
        amount=Money(amount=row["amount"], currency=row["currency"]),
    )


def to_parts(rows: Sequence[dict[str, Any]]) -> tuple[SellerPart, ...]:
    """Lines of one order with ``seller_id`` and ``seller_total``, in their order, as parts by seller."""
    lines: dict[str, list[Line]] = {}
    first: dict[str, dict[str, Any]] = {}
    for row in rows:
        lines.setdefault(row["seller_order_id"], []).append(to_line(row))
        first.setdefault(row["seller_order_id"], row)
    return tuple(
        SellerPart(
            seller_order_id=part_id,
            seller_id=first[part_id]["seller_id"],
            total=Money(amount=first[part_id]["seller_total"], currency=first[part_id]["currency"]),
            lines=tuple(lines[part_id]),
        )
        for part_id in lines
    )


def to_address(row: dict[str, Any]) -> ShippingAddress:
    """One row of ``order_addresses``."""
    fields = ("name", "line1", "line2", "postal_code", "city", "country", "phone")
    return ShippingAddress(**{field: row[field] for field in fields})
