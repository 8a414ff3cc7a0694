"""Orders as the order service would tell them, and deliveries as logistics would."""

from dataclasses import dataclass
from datetime import UTC, datetime

from contracts.ids import new_id
from contracts.logistics import ShipmentDelivered, ShippedLine
from contracts.order import OrderLine, OrderPlaced, SellerOrder
from contracts.payment import AuthorisePayment, CancelPayment, CapturePayment, Share
from contracts.values import LocalText, Money


@dataclass
class PlacedOrder:
    """An order of two sellers, as the order service would tell it."""

    order_id: str
    amount: int
    parts: tuple[SellerOrder, ...]
    buyer_id: str = "acc_buyer"

    def placed(self) -> OrderPlaced:
        return OrderPlaced(
            order_id=self.order_id,
            number=self.order_id[-8:],
            buyer_id=self.buyer_id,
            total=euros(self.amount),
            seller_orders=self.parts,
        )

    def authorise(self, payment_method: str = "pm_card_visa", *, attempt: int = 1) -> AuthorisePayment:
        shares = [Share(seller_order_id=p.seller_order_id, seller_id=p.seller_id, amount=p.total) for p in self.parts]
        return AuthorisePayment(
            order_id=self.order_id,
            command_id=f"{self.order_id[-20:]}-authorise-{attempt}",
            attempt=attempt,
            buyer_id=self.buyer_id,
            amount=euros(self.amount),
            payment_method=payment_method,
            shares=tuple(shares),
        )

    def capture(self) -> CapturePayment:
        return CapturePayment(order_id=self.order_id, command_id=f"{self.order_id[-20:]}-capture")

    def cancel(self) -> CancelPayment:
        return CancelPayment(order_id=self.order_id, command_id=f"{self.order_id[-20:]}-cancel")


def euros(amount: int) -> Money:
    return Money(amount=amount, currency="EUR")


def an_order(*sellers: tuple[str, int]) -> PlacedOrder:
    """Make an order with one line per seller: (seller_id, amount)."""
    wanted = sellers or (("sel_a", 2490), ("sel_b", 3200))
    parts = tuple(_seller_order(seller_id, amount) for seller_id, amount in wanted)
    return PlacedOrder(new_id("ord"), sum(amount for _, amount in wanted), parts)


def _seller_order(seller_id: str, amount: int) -> SellerOrder:
    line = OrderLine(
        line_id=new_id("lin"),
        offer_id=new_id("off"),
        product_id="prd_1",
        variant_id="var_1",
        sku="sku-1",
        category_id="cat_1",
        title=LocalText(fr="Bol", en="Bowl"),
        quantity=1,
        unit_price=euros(amount),
        amount=euros(amount),
    )
    return SellerOrder(seller_order_id=new_id("sor"), seller_id=seller_id, total=euros(amount), lines=(line,))


def delivered(order: PlacedOrder, part: SellerOrder) -> ShipmentDelivered:
    return ShipmentDelivered(
        shipment_id=new_id("shp"),
        order_id=order.order_id,
        seller_order_id=part.seller_order_id,
        seller_id=part.seller_id,
        buyer_id=order.buyer_id,
        delivered_at=datetime.now(UTC),
        lines=(ShippedLine(line_id="l", offer_id="o", product_id="p", quantity=1),),
    )


@dataclass(frozen=True)
class Make:
    """Makes what other services would tell."""

    @staticmethod
    def order(*sellers: tuple[str, int]) -> PlacedOrder:
        return an_order(*sellers)

    @staticmethod
    def delivered(order: PlacedOrder, part: SellerOrder) -> ShipmentDelivered:
        return delivered(order, part)
