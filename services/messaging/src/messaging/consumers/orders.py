"""An order makes one mail for its buyer, whatever number of sellers, and one for each seller."""

from contracts.event import Event
from contracts.order import OrderCancelled, OrderConfirmed, OrderPlaced, SellerOrder
from messaging.domain.message import Audience, Mail, Notice, OrderFacts, Reaction


def react(event: Event) -> Reaction:
    match event:
        case OrderPlaced():
            return Reaction(orders=(_facts(event),))
        case OrderConfirmed():
            return _confirmed(event)
        case OrderCancelled():
            return _cancelled(event)
        case _:
            return Reaction()


def _confirmed(event: OrderConfirmed) -> Reaction:
    buyer = Mail(
        key=f"order-confirmed:{event.order_id}",
        kind="order-confirmed",
        audience=Audience("account", event.buyer_id),
        details={"order_id": event.order_id},
    )
    notice = Notice(
        key=f"order-confirmed:{event.order_id}",
        kind="order-confirmed",
        audience_id=event.buyer_id,
        link=f"/orders/{event.order_id}",
        order_id=event.order_id,
    )
    sellers = [_received(event.order_id, part) for part in event.seller_orders]
    mails, notices = (buyer, *(mail for mail, _ in sellers)), (notice, *(notice for _, notice in sellers))
    return Reaction(mails=mails, notices=notices, orders=(_facts(event),))


def _received(order_id: str, part: SellerOrder) -> tuple[Mail, Notice]:
    key = f"order-received:{part.seller_order_id}"
    details = {"order_id": order_id, "seller_order_id": part.seller_order_id}
    mail = Mail(key=key, kind="order-received", audience=Audience("seller", part.seller_id), details=details)
    link = f"/seller/orders/{part.seller_order_id}"
    notice = Notice(key=key, kind="order-received", audience_id=part.seller_id, link=link, order_id=order_id)
    return mail, notice


def _cancelled(event: OrderCancelled) -> Reaction:
    key, details = f"order-cancelled:{event.order_id}", {"order_id": event.order_id, "reason": event.reason}
    mail = Mail(key=key, kind="order-cancelled", audience=Audience("account", event.buyer_id), details=details)
    notice = Notice(
        key=key,
        kind="order-cancelled",
        audience_id=event.buyer_id,
        link=f"/orders/{event.order_id}",
        order_id=event.order_id,
    )
    return Reaction(mails=(mail,), notices=(notice,))


def _facts(event: OrderPlaced | OrderConfirmed) -> OrderFacts:
    return OrderFacts(
        order_id=event.order_id,
        number=event.number,
        buyer_id=event.buyer_id,
        total=event.total.model_dump(),
        seller_orders=[part.model_dump() for part in event.seller_orders],
    )
