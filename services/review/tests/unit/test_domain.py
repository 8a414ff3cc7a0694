"""Arithmetic of ratings."""

from hypothesis import given
from hypothesis import strategies as st

from review.domain import Rating


def test_average_is_rounded_half_up_in_hundredths() -> None:
    assert Rating((0, 0, 1, 0, 1)).average_hundredths == 400
    assert Rating((0, 0, 0, 2, 1)).average_hundredths == 433
    assert Rating((1, 0, 0, 0, 1)).average_hundredths == 300
    assert Rating((0, 0, 0, 0, 0)).average_hundredths == 0


@given(st.tuples(*[st.integers(0, 10**6)] * 5))
def test_average_lies_between_lowest_and_highest(histogram: tuple[int, int, int, int, int]) -> None:
    rating = Rating(histogram)

    assert rating.count == 0 or 100 <= rating.average_hundredths <= 500
