"""Requests and answers of the API as they cross the wire."""

import os
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from standins.stripe.cards import Answering
from standins.stripe.shape import API_VERSION

_LARGEST_BODY = 1_048_576


@dataclass(frozen=True)
class Request:
    """What came over the wire."""

    method: str
    path: str
    query: bytes
    headers: dict[str, str]
    body: bytes
    id: str = field(default_factory=lambda: f"req_{os.urandom(7).hex()}")

    @property
    def idempotency_key(self) -> str | None:
        """Return the key, which only writes have."""
        return self.headers.get("idempotency-key") if self.method != "GET" else None


@dataclass(frozen=True)
class Answer:
    """What goes back, and how: as it is, late, or not at all."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    answering: Answering = Answering.NORMAL


async def read_request(scope: Any, receive: Any) -> Request:
    """Read the whole request; what exceeds a megabyte is left out and fails as a body."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body") or len(body) > _LARGEST_BODY:
            break
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return Request(scope["method"], unquote(scope["path"]), scope["query_string"], headers, body[:_LARGEST_BODY])


async def send_answer(send: Any, request: Request, answer: Answer) -> None:
    """Send the answer with the headers that every answer of the API has."""
    version = request.headers.get("stripe-version", API_VERSION)
    headers = {
        "content-type": "application/json",
        "content-length": str(len(answer.body)),
        "request-id": request.id,
        "stripe-version": version,
        "x-standin": "Stripe stand-in, not Stripe",
    } | {name.lower(): value for name, value in answer.headers.items()}
    if request.idempotency_key is not None:
        headers["idempotency-key"] = request.idempotency_key
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    await send({"type": "http.response.body", "body": answer.body})
