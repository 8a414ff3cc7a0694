"""A finished public answer: bytes and headers exactly as they go out."""

import hashlib
from dataclasses import dataclass

from starlette.types import Scope, Send

RawHeaders = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Entry:
    """``expires_at`` is on the monotonic clock. ``tags`` name what must not change while this entry lives."""

    body: bytes
    etag: bytes
    headers: RawHeaders
    tags: frozenset[str]
    expires_at: float

    @property
    def size(self) -> int:
        return len(self.body) + 1024


def etag_of(body: bytes) -> bytes:
    """Strong validator: the content's own hash."""
    return b'"' + hashlib.sha256(body).hexdigest()[:24].encode() + b'"'


async def send_finished(entry: Entry, scope: Scope, send: Send) -> None:
    """200 with the bytes, or 304 when the client has them."""
    if _has(scope, entry.etag):
        kept = [(name, value) for name, value in entry.headers if name not in (b"content-length", b"content-type")]
        await send({"type": "http.response.start", "status": 304, "headers": kept})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": entry.headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else entry.body})


def _has(scope: Scope, etag: bytes) -> bool:
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            return value.strip() == b"*" or etag in (tag.strip().removeprefix(b"W/") for tag in value.split(b","))
    return False
