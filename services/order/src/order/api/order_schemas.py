"""Checkout requests, and orders as buyers, operators and sellers see them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from contracts.values import LocalText, Money
from order.domain.order import Line, SellerPart, ShippingAddress
from order.repository.reading import OrderHead, OrderView, PartHead, PartView
from order.saga.states import State
from order.saga.table import Status, status_of

_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"


def _words(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest, pattern=_PRINTABLE)


class AddressFields(BaseModel):
    """Where the parcels go. ``country``: ISO 3166-1 alpha-2."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: Annotated[str, _words(120)]
    line1: Annotated[str, _words(120)]
    line2: Annotated[str, _words(120)] | None = None
    postal_code: Annotated[str, _words(16)]
    city: Annotated[str, _words(80)]
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    phone: Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ().-]{4,24}$")] | None = None

    def to_domain(self) -> ShippingAddress:
        return ShippingAddress(**self.model_dump())


class PaymentRequest(BaseModel):
    """``payment_method``: the provider's token, never card data."""

    model_config = ConfigDict(extra="forbid", strict=True)

    payment_method: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{3,64}$")]


class CheckoutRequest(PaymentRequest):
    cart_version: Annotated[int, Field(ge=0, le=2**53)]
    shipping_address: AddressFields


class AcceptedAnswer(BaseModel):
    """The order is on its way through stock and payment; ask ``status_url`` or listen at ``events_url``."""

    order_id: str
    number: str
    state: str
    status_url: str
    events_url: str


def accepted(order_id: str, number: str, state: str) -> AcceptedAnswer:
    address = f"/v1/orders/{order_id}"
    return AcceptedAnswer(
        order_id=order_id, number=number, state=state, status_url=address, events_url=f"{address}/events"
    )


class OrderLineAnswer(BaseModel):
    line_id: str
    offer_id: str
    product_id: str
    title: LocalText
    variant: LocalText
    image_url: str
    quantity: int
    unit_price: Money
    amount: Money


class SellerOrderAnswer(BaseModel):
    seller_order_id: str
    seller_id: str
    total: Money
    lines: list[OrderLineAnswer]


class ShortageAnswer(BaseModel):
    """A line that was sold out when the stock was reserved."""

    offer_id: str
    requested: int
    available: int


class OrderSummary(BaseModel):
    """``reason``: why it was cancelled, or why the card was declined."""

    order_id: str
    number: str
    state: str
    status: Status
    reason: str | None
    placed_at: datetime
    total: Money
    payment_attempt: int


class OrderAnswer(OrderSummary):
    shortages: list[ShortageAnswer]
    shipping_address: AddressFields
    seller_orders: list[SellerOrderAnswer]


class OrderList(BaseModel):
    items: list[OrderSummary]
    next: str | None


Fulfilment = Literal["none", "preparing", "shipped", "delivered"]


class SellerOrderSummary(BaseModel):
    """``fulfilment`` follows the parcel; ``units`` counts articles."""

    seller_order_id: str
    order_id: str
    number: str
    placed_at: datetime
    confirmed_at: datetime
    total: Money
    fulfilment: Fulfilment
    units: int


class SellerOrderView(SellerOrderSummary):
    """What a seller needs to ship; nothing else about the buyer."""

    shipping_address: AddressFields
    lines: list[OrderLineAnswer]


class SellerOrderList(BaseModel):
    items: list[SellerOrderSummary]
    next: str | None


class SellerOrderCounts(BaseModel):
    """How many confirmed orders a shop has by state of the parcel; ``preparing`` wait to be shipped."""

    none: int = 0
    preparing: int = 0
    shipped: int = 0
    delivered: int = 0


def order_summary(head: OrderHead) -> OrderSummary:
    return OrderSummary(
        order_id=head.order_id,
        number=head.number,
        state=head.state,
        status=status_of(State(head.state)),
        reason=head.cancel_reason or head.decline_reason,
        placed_at=head.placed_at,
        total=head.total,
        payment_attempt=head.payment_attempt,
    )


def order_answer(view: OrderView) -> OrderAnswer:
    return OrderAnswer(
        **order_summary(view.head).model_dump(),
        shortages=[ShortageAnswer(**shortage) for shortage in view.head.shortages],
        shipping_address=_address(view.address),
        seller_orders=[_seller_order(part) for part in view.parts],
    )


def seller_order_summary(head: PartHead) -> SellerOrderSummary:
    return SellerOrderSummary.model_validate(head, from_attributes=True)


def seller_order_view(view: PartView) -> SellerOrderView:
    return SellerOrderView(
        **seller_order_summary(view.head).model_dump(),
        shipping_address=_address(view.address),
        lines=[_line(line) for line in view.part.lines],
    )


def _seller_order(part: SellerPart) -> SellerOrderAnswer:
    lines = [_line(line) for line in part.lines]
    return SellerOrderAnswer(
        seller_order_id=part.seller_order_id, seller_id=part.seller_id, total=part.total, lines=lines
    )


def _line(line: Line) -> OrderLineAnswer:
    return OrderLineAnswer.model_validate(line, from_attributes=True)


def _address(address: ShippingAddress) -> AddressFields:
    return AddressFields.model_validate(address, from_attributes=True)
