"""Cart requests and answers."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from contracts.values import LocalText, Money
from order.domain.cart import MAX_QUANTITY, CartLine, Problem, by_seller, problem_of, sum_of
from order.service.carts import Shown


class QuantityRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    quantity: Annotated[int, Field(ge=1, le=MAX_QUANTITY)]


class LineAnswer(BaseModel):
    """``problem`` says why the line needs attention before a checkout, null when it does not."""

    offer_id: str
    product_id: str
    title: LocalText
    variant: LocalText
    image_url: str
    quantity: int
    unit_price: Money
    amount: Money
    available: int
    problem: Problem | None


class CartSellerAnswer(BaseModel):
    seller_id: str
    lines: list[LineAnswer]
    subtotal: Money


class NoticeAnswer(BaseModel):
    code: str
    offer_id: str
    detail: str


class CartAnswer(BaseModel):
    """``version`` goes into the checkout. ``cart_token`` is there only when a new guest cart was made."""

    cart_id: str | None
    version: int
    cart_token: str | None = Field(default=None, exclude_if=lambda token: token is None)
    sellers: list[CartSellerAnswer]
    total: Money
    notices: list[NoticeAnswer]


def cart_answer(shown: Shown) -> CartAnswer:
    """The cart for its owner, grouped by seller."""
    cart = shown.cart
    return CartAnswer(
        cart_id=cart.cart_id,
        version=cart.version,
        cart_token=shown.cart_token,
        sellers=[_seller(seller_id, lines, cart.currency) for seller_id, lines in by_seller(cart.lines)],
        total=cart.total,
        notices=[NoticeAnswer(code=n.code, offer_id=n.offer_id, detail=n.detail) for n in shown.notices],
    )


def _seller(seller_id: str, lines: list[CartLine], currency: str) -> CartSellerAnswer:
    amounts = [line.amount for line in lines if line.unit_price.currency == currency]
    return CartSellerAnswer(
        seller_id=seller_id, lines=[_line(line, currency) for line in lines], subtotal=sum_of(amounts, currency)
    )


def _line(line: CartLine, currency: str) -> LineAnswer:
    return LineAnswer(
        offer_id=line.offer_id,
        product_id=line.product_id,
        title=line.title,
        variant=line.variant,
        image_url=line.image_url,
        quantity=line.quantity,
        unit_price=line.unit_price,
        amount=line.amount,
        available=line.available,
        problem=problem_of(line, currency),
    )
