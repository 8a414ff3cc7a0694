"""Commission: integers only, half up, per line (payments.md 2.6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment.domain.commission import commission_line, share_of, split

amounts = st.integers(0, 10**12)
rates = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("amount", "rate", "expected"),
    [
        (2490, 1000, 249),
        (2750, 1200, 330),
        (333, 1000, 33),
        (5, 1000, 1),
        (4, 1000, 0),
        (1245, 1000, 125),
        (0, 1000, 0),
    ],
)
def test_the_share_is_rounded_half_up(amount: int, rate: int, expected: int) -> None:
    assert share_of(amount, rate) == expected


def test_it_is_added_up_per_line_not_taken_from_the_total() -> None:
    lines = [commission_line(f"lin_{n}", 333, rate_basis_points=1000) for n in range(3)]

    assert split(999, lines).commission == 99
    assert share_of(999, 1000) == 100


@given(amount=amounts, rate=rates)
def test_the_share_is_the_nearest_whole_minor_unit(amount: int, rate: int) -> None:
    share = share_of(amount, rate)

    assert 0 <= share <= amount
    assert -5_000 < share * 10_000 - amount * rate <= 5_000


@given(parts=st.lists(amounts, min_size=1, max_size=20), rate=rates)
def test_the_parts_of_a_split_are_the_whole_and_never_negative(parts: list[int], rate: int) -> None:
    gross = sum(parts)
    lines = [commission_line(str(n), part, rate_basis_points=rate) for n, part in enumerate(parts)]

    shared = split(gross, lines)

    assert shared.commission + shared.commission_vat + shared.net == gross
    assert min(shared.commission, shared.commission_vat, shared.net) >= 0
