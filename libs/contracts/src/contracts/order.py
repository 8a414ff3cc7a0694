"""What order publishes. Key: the order's id."""

from contracts.event import Event
from contracts.values import Code, Count, LocalText, Money, PersonRef, Ref, Value

ORDER = "order.order.v1"


class OrderLine(Value):
    """``amount`` = ``unit_price`` × ``quantity``, tax included."""

    line_id: Ref
    offer_id: Ref
    product_id: Ref
    variant_id: Ref
    sku: Ref
    category_id: Ref
    title: LocalText
    quantity: Count
    unit_price: Money
    amount: Money


class SellerOrder(Value):
    """The part of an order that one seller fulfils. ``total`` = sum of the lines' amounts."""

    seller_order_id: Ref
    seller_id: Ref
    total: Money
    lines: tuple[OrderLine, ...]


class OrderPlaced(Event, topic=ORDER, type="order.order-placed.v1"):
    """A checkout was accepted; nothing is reserved or paid yet."""

    order_id: Ref
    number: Ref
    buyer_id: PersonRef
    total: Money
    seller_orders: tuple[SellerOrder, ...]


class OrderPaymentActionRequired(Event, topic=ORDER, type="order.payment-action-required.v1"):
    """The buyer has to do something (3-D Secure); the address to go to is read from the order by its buyer."""

    order_id: Ref
    buyer_id: PersonRef


class OrderPaymentDeclined(Event, topic=ORDER, type="order.payment-declined.v1"):
    """The card was refused; another one may be tried on the same order until its deadline."""

    order_id: Ref
    buyer_id: PersonRef
    reason: Code


class OrderConfirmed(Event, topic=ORDER, type="order.order-confirmed.v1"):
    """Goods are taken off the shelf and the money is captured. Sellers may ship."""

    order_id: Ref
    number: Ref
    buyer_id: PersonRef
    total: Money
    ship_country: Code
    seller_orders: tuple[SellerOrder, ...]


class OrderCancelled(Event, topic=ORDER, type="order.order-cancelled.v1"):
    """Final: nothing is held and no money kept. ``reason``: ``stock-rejected`` | ``payment-expired`` | ``payment-failed`` | ``reservation-expired`` | ``buyer-cancelled``."""

    order_id: Ref
    buyer_id: PersonRef
    reason: Code


EVENTS = (OrderPlaced, OrderPaymentActionRequired, OrderPaymentDeclined, OrderConfirmed, OrderCancelled)
