"""Cursors come back as they were made, and nothing else gets through."""

from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge import cursor
from edge.cursor import BadCursor

KEYS = st.lists(st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text()), min_size=1, max_size=4)


@given(KEYS)
def test_a_cursor_returns_the_key_it_was_made_of(key: list[object]) -> None:
    assert cursor.decode(cursor.encode(*key), parts=len(key)) == key


@given(st.text())
def test_junk_is_refused_and_never_crashes(junk: str) -> None:
    try:
        found = cursor.decode(junk, parts=2)
    except BadCursor as refused:
        assert refused.errors[0].pointer == "?cursor"
    else:
        assert isinstance(found, list)
        assert len(found) == 2


@given(st.binary())
def test_junk_that_is_base64_is_refused_and_never_crashes(junk: bytes) -> None:
    try:
        found = cursor.decode(urlsafe_b64encode(junk).decode(), parts=1)
    except BadCursor:
        return
    assert isinstance(found, list)
    assert len(found) == 1


@pytest.mark.parametrize("made", [cursor.encode("a"), cursor.encode("a", "b", "c"), cursor.encode({"a": 1}, 2)[:-3]])
def test_a_cursor_of_another_list_is_refused(made: str) -> None:
    with pytest.raises(BadCursor) as refused:
        cursor.decode(made, parts=2)

    assert (refused.value.status, refused.value.code) == (422, "invalid-request")


def test_no_cursor_is_the_first_page() -> None:
    assert cursor.decode(None, parts=2) is None
