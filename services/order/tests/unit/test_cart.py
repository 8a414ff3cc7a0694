"""What stands in the way of buying a line."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values import LocalText, Money
from order.domain.cart import Cart, CartLine, by_seller, check_buyable, merged_quantity, problem_of
from order.domain.errors import CartChanged, EmptyCart, OfferUnavailable

TEXT = LocalText(fr="Thé", en="Tea")
PRICE = Money(amount=500, currency="EUR")
LINE = CartLine(
    offer_id="off_1",
    product_id="prd_1",
    variant_id="var_1",
    sku="SKU",
    category_id="cat_1",
    seller_id="sel_1",
    title=TEXT,
    variant=TEXT,
    image_url="",
    quantity=2,
    unit_price=PRICE,
    seen_price=PRICE,
    available=5,
    offer_status="active",
    seller_status="open",
    changed_version=3,
)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({}, None),
        ({"seen_price": Money(amount=400, currency="EUR")}, "price-changed"),
        ({"available": 1}, "insufficient-stock"),
        ({"available": 0}, "sold-out"),
        ({"offer_status": "paused"}, "paused"),
        ({"offer_status": "closed"}, "closed"),
        ({"offer_status": "some-later-status"}, "closed"),
        ({"seller_status": "suspended", "available": 0}, "shop-closed"),
        ({"unit_price": Money(amount=5, currency="USD")}, "other-currency"),
    ],
)
def test_the_deepest_cause_is_told(change: dict[str, Any], problem: str | None) -> None:
    assert problem_of(replace(LINE, **change), "EUR") == problem


def _cart(*lines: CartLine, version: int = 3) -> Cart:
    return Cart(cart_id="crt_1", version=version, currency="EUR", lines=lines)


def test_an_unchanged_cart_may_be_bought() -> None:
    check_buyable(_cart(LINE), 3)


def test_an_empty_cart_may_not() -> None:
    with pytest.raises(EmptyCart):
        check_buyable(_cart(), 3)


@pytest.mark.parametrize("version", [2, 4])
def test_another_version_than_the_shown_one_may_not(version: int) -> None:
    with pytest.raises(CartChanged):
        check_buyable(_cart(LINE), version)


def test_every_line_that_stands_in_the_way_is_named() -> None:
    gone = replace(LINE, offer_id="off_2", available=0)
    few = replace(LINE, offer_id="off_3", available=1)

    with pytest.raises(OfferUnavailable) as raised:
        check_buyable(_cart(LINE, gone, few), 3)

    assert [(v.pointer, v.code) for v in raised.value.errors] == [
        ("/lines/off_2", "sold-out"),
        ("/lines/off_3", "insufficient-stock"),
    ]


@given(mine=st.integers(0, 99), guest=st.integers(1, 99), available=st.integers(0, 10**9))
def test_merged_quantities_stay_within_what_may_be_bought(mine: int, guest: int, available: int) -> None:
    merged = merged_quantity(mine, guest, available)

    assert 1 <= merged <= 99
    assert merged <= max(1, available)
    assert merged == mine + guest or merged in (99, max(1, available))


def test_sellers_keep_the_order_in_which_they_came() -> None:
    lines = [replace(LINE, offer_id=f"off_{n}", seller_id=seller) for n, seller in enumerate("baab")]

    assert [(seller, [line.offer_id for line in group]) for seller, group in by_seller(lines)] == [
        ("b", ["off_0", "off_3"]),
        ("a", ["off_1", "off_2"]),
    ]
