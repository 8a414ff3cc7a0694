"""Where a parcel may go: forwards through its journey, lost at any time before delivery, found again, never back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contracts.values import LocalText


class Status(StrEnum):
    """What buyers and sellers are told."""

    PREPARING = "preparing"
    SHIPPED = "shipped"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    LOST = "lost"


class Scan(StrEnum):
    """What the carrier tells."""

    PICKED_UP = "picked_up"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    LOST = "lost"


_ON_THE_WAY = (Scan.PICKED_UP, Scan.IN_TRANSIT, Scan.OUT_FOR_DELIVERY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is in the parcel."""

    line_id: str
    offer_id: str
    product_id: str
    title: LocalText
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """The parcel of one seller order. ``sequence`` counts its events and the steps of its timeline."""

    shipment_id: str
    order_id: str
    seller_order_id: str
    seller_id: str
    buyer_id: str
    status: Status
    last_scan: Scan | None
    carrier: str | None
    tracking_number: str | None
    tracking_url: str | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    sequence: int


def can_follow(last: Scan | None, scan: Scan) -> bool:
    """Whether ``scan`` is news after ``last``; carriers repeat, skip and reorder scans."""
    if last is Scan.DELIVERED:
        return False
    if last is Scan.LOST:
        return scan is Scan.DELIVERED
    if last is None or scan in (Scan.DELIVERED, Scan.LOST):
        return True
    return _ON_THE_WAY.index(scan) >= _ON_THE_WAY.index(last)


def status_after(scan: Scan) -> Status:
    """Steps on the way are one status; the timeline keeps them apart."""
    named = {Scan.DELIVERED: Status.DELIVERED, Scan.LOST: Status.LOST}
    return named.get(scan, Status.IN_TRANSIT)
