"""Cursors of lists: an opaque text that holds the last row's sort key. It grants nothing, so it is not signed."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import orjson

from edge.errors import AppError, Violation


class BadCursor(AppError):
    status = 422
    code = "invalid-request"
    title = "Invalid request"


def encode(*key: Any) -> str:
    """``key``: the sort columns of the last row, JSON values (times as ISO text), ending in the primary key."""
    return urlsafe_b64encode(orjson.dumps(key)).decode().rstrip("=")


def decode(cursor: str | None, *, parts: int) -> list[Any] | None:
    """The sort key in ``cursor``, None for the first page; raises ``BadCursor`` for anything that we did not make."""
    if cursor is None:
        return None
    try:
        key = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        key = None
    if not isinstance(key, list) or len(key) != parts:
        violation = Violation("?cursor", "invalid-cursor", "Take the cursor from `next` of the page before, unchanged.")
        raise BadCursor("The cursor is not one of ours.", errors=[violation])
    return key
