"""The carrier's word about a parcel: taken once, in whatever order it comes."""

from dataclasses import dataclass
from datetime import datetime

from chassis import outbox
from chassis.db import HotTransaction
from contracts.event import Event
from contracts.logistics import ParcelTracked, ShipmentDelivered, ShippedLine
from edge.errors import NotFound
from logistics.domain.shipment import Line, Scan, Shipment, Status, can_follow, status_after
from logistics.ports import Registered
from logistics.repository import registrations, shipments
from logistics.service.shipping import hand_over


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A callback that is really the carrier's. ``reference`` is our shipment's id."""

    callback_id: str
    reference: str
    tracking_number: str
    scan: Scan
    occurred_at: datetime


async def take_callback(tx: HotTransaction, told: Told) -> str:
    """Apply a callback and say what became of it: ``taken``, ``repeated``, ``late``, ``other-parcel`` or ``not-shipped``."""
    shipment = await shipments.lock(tx, told.reference)
    if shipment is None:
        raise NotFound("No parcel of ours has this reference.")
    fresh = await shipments.claim_callback(
        tx, told.callback_id, shipment_id=told.reference, status=told.scan, occurred_at=told.occurred_at
    )
    if not fresh:
        return "repeated"
    outcome = await _apply(tx, shipment, told)
    if outcome != "taken":
        await shipments.mark_callback(tx, told.callback_id, outcome)
    return outcome


async def _apply(tx: HotTransaction, shipment: Shipment, told: Told) -> str:
    if shipment.status is Status.PREPARING:
        known = await _overtaken(tx, told)
        if known is None:
            return "not-shipped"
        shipment = known
    if shipment.tracking_number != told.tracking_number:
        return "other-parcel"
    if not can_follow(shipment.last_scan, told.scan):
        return "late"
    moved = await shipments.move(
        tx,
        shipment.shipment_id,
        status=status_after(told.scan),
        scan=told.scan,
        occurred_at=told.occurred_at,
    )
    lines = await shipments.lines_of(tx, shipment.shipment_id) if told.scan is Scan.DELIVERED else []
    outbox.add(tx, _event(moved, told, lines), subject=moved.shipment_id, sequence=moved.sequence)
    return "taken"


async def _overtaken(tx: HotTransaction, told: Told) -> Shipment | None:
    """The carrier moves a parcel whose registration we have not heard back about: that is the answer."""
    asked = await registrations.find(tx, told.reference)
    if asked is None or asked.state != "pending":
        return None
    registered = Registered(tracking_number=told.tracking_number, tracking_url=None)
    return await hand_over(tx, told.reference, registered)


def _event(shipment: Shipment, told: Told, lines: list[Line]) -> Event:
    if told.scan is not Scan.DELIVERED:
        return ParcelTracked(
            shipment_id=shipment.shipment_id,
            order_id=shipment.order_id,
            seller_order_id=shipment.seller_order_id,
            seller_id=shipment.seller_id,
            buyer_id=shipment.buyer_id,
            status=told.scan,
            occurred_at=told.occurred_at,
        )
    return ShipmentDelivered(
        shipment_id=shipment.shipment_id,
        order_id=shipment.order_id,
        seller_order_id=shipment.seller_order_id,
        seller_id=shipment.seller_id,
        buyer_id=shipment.buyer_id,
        delivered_at=told.occurred_at,
        lines=tuple(map(_shipped_line, lines)),
    )


def _shipped_line(line: Line) -> ShippedLine:
    return ShippedLine(line_id=line.line_id, offer_id=line.offer_id, product_id=line.product_id, quantity=line.quantity)
