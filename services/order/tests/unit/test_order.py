"""Freezing a cart into an order: whatever is in it, the parts add up."""

import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from contracts.values import LocalText, Money
from order.domain.cart import CartLine
from order.domain.order import PlacedOrder, ShippingAddress, order_number, place

ADDRESS = ShippingAddress(name="Z", line1="1", line2=None, postal_code="1", city="L", country="FR", phone=None)
TEXT = LocalText(fr="Thé", en="Tea")


def _line(n: int, seller: int, quantity: int, price: int) -> CartLine:
    return CartLine(
        offer_id=f"off_{n}",
        product_id=f"prd_{n}",
        variant_id=f"var_{n}",
        sku=f"SKU{n}",
        category_id="cat_1",
        seller_id=f"sel_{seller}",
        title=TEXT,
        variant=TEXT,
        image_url="",
        quantity=quantity,
        unit_price=Money(amount=price, currency="EUR"),
        seen_price=Money(amount=price, currency="EUR"),
        available=99,
        offer_status="active",
        seller_status="open",
        changed_version=1,
    )


carts = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 99), st.integers(0, 10**9)), min_size=1, max_size=100).map(
    lambda rows: [_line(n, *row) for n, row in enumerate(rows)]
)


def _place(lines: list[CartLine]) -> PlacedOrder:
    return place(lines, number="H-2601-AAAAAA", buyer_id="acc_1", currency="EUR", address=ADDRESS)


@given(carts)
def test_lines_seller_parts_and_total_add_up(lines: list[CartLine]) -> None:
    order = _place(lines)

    in_lines = sum(line.unit_price.amount * line.quantity for line in lines)
    assert order.total.amount == in_lines
    assert sum(part.total.amount for part in order.parts) == in_lines
    for part in order.parts:
        assert part.total.amount == sum(line.amount.amount for line in part.lines)


@given(carts)
def test_every_line_lands_once_in_the_part_of_its_seller(lines: list[CartLine]) -> None:
    order = _place(lines)

    placed = {line.offer_id: part.seller_id for part in order.parts for line in part.lines}
    assert placed == {line.offer_id: line.seller_id for line in lines}
    assert sum(len(part.lines) for part in order.parts) == len(lines)
    assert len({part.seller_id for part in order.parts}) == len(order.parts)


@given(carts)
def test_ids_are_unique_within_an_order(lines: list[CartLine]) -> None:
    order = _place(lines)

    ids = [order.order_id, *(part.seller_order_id for part in order.parts)]
    ids += [line.line_id for part in order.parts for line in part.lines]
    assert len(set(ids)) == len(ids)


def test_numbers_are_for_people() -> None:
    numbers = {order_number(datetime(2026, 11, 3, tzinfo=UTC)) for _ in range(1000)}

    assert all(re.fullmatch(r"H-2611-[2-9A-HJ-NP-Z]{6}", number) for number in numbers)
    assert len(numbers) > 990
