"""Parcels on their way, for the buyer."""

from contracts.event import Event
from contracts.logistics import ShipmentDelivered, ShipmentShipped
from messaging.domain.message import Audience, Mail, Notice, Reaction


def react(event: Event) -> Reaction:
    match event:
        case ShipmentShipped():
            tracking = {"carrier": event.carrier, "tracking_number": event.tracking_number}
            return _told("order-shipped", event, {**tracking, "at": event.shipped_at.isoformat()})
        case ShipmentDelivered():
            return _told("order-delivered", event, {"at": event.delivered_at.isoformat()})
        case _:
            return Reaction()


def _told(kind: str, event: ShipmentShipped | ShipmentDelivered, details: dict[str, str]) -> Reaction:
    key = f"{kind}:{event.shipment_id}"
    details = {**details, "order_id": event.order_id, "seller_order_id": event.seller_order_id}
    details |= {"seller_id": event.seller_id}
    mail = Mail(key=key, kind=kind, audience=Audience("account", event.buyer_id), details=details)
    notice = Notice(
        key=key, kind=kind, audience_id=event.buyer_id, link=f"/orders/{event.order_id}", order_id=event.order_id
    )
    return Reaction(mails=(mail,), notices=(notice,))
