"""Lists that go on: an opaque cursor names the last item shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Generic, TypeVar

from fastapi import Query

from catalog.domain.errors import Invalid
from catalog.repository.cursor import Position
from edge.cursor import decode, encode

T = TypeVar("T")
MOST_ITEMS = 100
Limit = Annotated[int, Query(ge=1, le=MOST_ITEMS)]
Cursor = Annotated[str | None, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """``next`` is null on the last page."""

    items: list[T]
    next: str | None


def position_of(cursor: str | None) -> Position | None:
    """Decode a cursor; refuses one that we did not make."""
    key = decode(cursor, parts=2)
    if key is None:
        return None
    try:
        moment, item_id = key
        created_at = datetime.fromisoformat(moment)
        if created_at.tzinfo is None or not item_id.isprintable():
            raise ValueError(moment)
    except (ValueError, TypeError, AttributeError):
        raise Invalid.at("?cursor", "invalid-cursor", "Take the cursor from the page before, unchanged.") from None
    return Position(created_at, item_id)


def page_of(found: Sequence[T], *, limit: int, place: Callable[[T], tuple[datetime, str]]) -> Page[T]:
    """A page of ``found``, which holds one item more than ``limit`` when the list goes on."""
    items = list(found[:limit])
    if len(found) <= limit:
        return Page(items, None)
    created_at, item_id = place(items[-1])
    return Page(items, encode(created_at.isoformat(), item_id))
