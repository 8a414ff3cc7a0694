"""One order of two sellers as events."""

from contracts.event import Event
from contracts.order import OrderConfirmed, OrderLine, SellerOrder
from contracts.payment import SettlementAccrued, SettlementReleased, SettlementTransferred
from contracts.values import LocalText, Money

TITLE = LocalText(fr="Miel", en="Honey")


def euros(amount: int) -> Money:
    return Money(amount=amount, currency="EUR")


def line(n: int, seller: str, quantity: int, price: int) -> OrderLine:
    return OrderLine(
        line_id=f"lin_{n}",
        offer_id=f"off_{n}",
        product_id=f"prd_{n}",
        variant_id=f"var_{n}",
        sku=f"sku-{n}",
        category_id=f"cat_{seller}",
        title=TITLE,
        quantity=quantity,
        unit_price=euros(price),
        amount=euros(price * quantity),
    )


def journey() -> list[tuple[Event, str, int]]:
    """One order of two sellers, to the transfers: A 2 × 12.45, B 1 × 27.50, commission 10 %."""
    parts = (
        SellerOrder(seller_order_id="so_a", seller_id="sel_a", total=euros(2490), lines=(line(1, "a", 2, 1245),)),
        SellerOrder(seller_order_id="so_b", seller_id="sel_b", total=euros(2750), lines=(line(2, "b", 1, 2750),)),
    )
    order = OrderConfirmed(
        order_id="ord_1", number="H-1", buyer_id="acc_1", total=euros(5240), ship_country="fr", seller_orders=parts
    )
    told: list[tuple[Event, str, int]] = [(order, "ord_1", 2)]
    for part, who, gross, commission in (("so_a", "sel_a", 2490, 249), ("so_b", "sel_b", 2750, 275)):
        ids = {"seller_order_id": part, "order_id": "ord_1", "seller_id": who}
        net = euros(gross - commission)
        told.append((SettlementAccrued(**ids, gross=euros(gross), commission=euros(commission), net=net), part, 1))
        told.append((SettlementReleased(**ids, net=net), part, 2))
        told.append((SettlementTransferred(**ids, net=net), part, 3))
    return told
