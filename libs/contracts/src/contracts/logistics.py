"""What logistics publishes. Key: the shipment's id. One shipment per seller order in this release."""

from contracts.event import Event
from contracts.values import Code, Count, Label, Moment, PersonRef, Ref, Value

SHIPMENT = "logistics.shipment.v1"


class ShippedLine(Value):
    line_id: Ref
    offer_id: Ref
    product_id: Ref
    quantity: Count


class ShipmentCreated(Event, topic=SHIPMENT, type="logistics.shipment-created.v1"):
    """The seller may pack."""

    shipment_id: Ref
    order_id: Ref
    seller_order_id: Ref
    seller_id: Ref
    buyer_id: PersonRef


class ShipmentShipped(Event, topic=SHIPMENT, type="logistics.shipment-shipped.v1"):
    shipment_id: Ref
    order_id: Ref
    seller_order_id: Ref
    seller_id: Ref
    buyer_id: PersonRef
    carrier: Code
    tracking_number: Label
    shipped_at: Moment


class ParcelTracked(Event, topic=SHIPMENT, type="logistics.parcel-tracked.v1"):
    """The carrier told a step on the way. ``status``: ``picked_up`` | ``in_transit`` | ``out_for_delivery`` | ``lost``."""

    shipment_id: Ref
    order_id: Ref
    seller_order_id: Ref
    seller_id: Ref
    buyer_id: PersonRef
    status: Code
    occurred_at: Moment


class ShipmentDelivered(Event, topic=SHIPMENT, type="logistics.shipment-delivered.v1"):
    """Starts the hold before release of the seller's money and opens the right to review."""

    shipment_id: Ref
    order_id: Ref
    seller_order_id: Ref
    seller_id: Ref
    buyer_id: PersonRef
    delivered_at: Moment
    lines: tuple[ShippedLine, ...]


EVENTS = (ShipmentCreated, ShipmentShipped, ParcelTracked, ShipmentDelivered)
