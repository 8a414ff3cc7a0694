"""Money that arrives: a seller's share, a buyer's refund."""

from contracts.event import Event
from contracts.payment import PaymentRefunded, SettlementTransferred
from messaging.domain.message import Audience, Mail, Notice, Reaction


def react(event: Event) -> Reaction:
    match event:
        case SettlementTransferred():
            return _transferred(event)
        case PaymentRefunded():
            key, details = (
                f"order-refunded:{event.order_id}",
                {"order_id": event.order_id, "amount": event.amount.model_dump()},
            )
            return Reaction(
                mails=(
                    Mail(key=key, kind="order-refunded", audience=Audience("order", event.order_id), details=details),
                )
            )
        case _:
            return Reaction()


def _transferred(event: SettlementTransferred) -> Reaction:
    key, link = f"settlement:{event.seller_order_id}", f"/seller/orders/{event.seller_order_id}"
    details = {"order_id": event.order_id, "seller_order_id": event.seller_order_id, "net": event.net.model_dump()}
    mail = Mail(key=key, kind="settlement-transferred", audience=Audience("seller", event.seller_id), details=details)
    notice = Notice(
        key=key,
        kind="settlement-transferred",
        audience_id=event.seller_id,
        link=link,
        order_id=event.order_id,
        details={"net": event.net.model_dump()},
    )
    return Reaction(mails=(mail,), notices=(notice,))
