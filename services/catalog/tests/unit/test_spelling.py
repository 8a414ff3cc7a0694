"""Words as people type them."""

import pytest

from catalog.domain.spelling import begins_a_word, folded


def test_folding_drops_accents_and_case() -> None:
    assert folded("Épicerie fine, Œuvre") == "epicerie fine, œuvre"


@pytest.mark.parametrize(
    ("typed", "name", "is_found"),
    [
        ("epi", "Épicerie fine", True),
        ("fi", "Épicerie fine", True),
        ("epicerie f", "Épicerie fine", True),
        ("cerie", "Épicerie fine", False),
        ("  ", "Épicerie fine", False),
    ],
)
def test_a_name_is_found_by_the_beginning_of_a_word(typed: str, name: str, *, is_found: bool) -> None:
    assert begins_a_word(typed, name) is is_found
