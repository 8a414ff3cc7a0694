"""Idempotency keys, stored in the transaction of the effect that they protect (reliability.md 4.2).

Same key and same request: the stored answer again. Same key, other request: 422. Still running: 409. Only answers that are
returned are stored; a raised error rolls back and the client may try again. Keys live 48 hours.
"""

import hashlib
import re
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response

from chassis.db import HotTransaction
from edge.auth import Principal
from edge.errors import AppError

HEADER = "Idempotency-Key"
_KEY = re.compile(r"^[\x21-\x7e]{8,128}$")
_FIND = """
SELECT pg_try_advisory_xact_lock(hashtextextended(%(principal)s || %(route)s || %(key)s, 7202)) AS free, fingerprint, status, body
FROM (SELECT 1) AS one LEFT JOIN idempotency_keys
ON principal = %(principal)s AND route = %(route)s AND key = %(key)s AND created_at > clock_timestamp() - interval '48 hours'
"""
_STORE = """
INSERT INTO idempotency_keys (principal, route, key, fingerprint, status, body)
VALUES (%(principal)s, %(route)s, %(key)s, %(fingerprint)s, %(status)s, %(body)s)
ON CONFLICT (principal, route, key) DO UPDATE SET fingerprint = excluded.fingerprint, status = excluded.status,
body = excluded.body, created_at = clock_timestamp()
WHERE idempotency_keys.created_at <= clock_timestamp() - interval '48 hours'
"""


class KeyMissing(AppError):
    status = 400
    code = "idempotency-key-missing"
    title = "Idempotency-Key is required"


class KeyReused(AppError):
    status = 422
    code = "idempotency-key-reused"
    title = "This Idempotency-Key belongs to another request"


class InFlight(AppError):
    status = 409
    code = "idempotency-in-flight"
    title = "The same request is still being worked on"


class IdempotencyKey:
    """A request's key with its fingerprint (method, path and body)."""

    def __init__(self, key: str, route: str, fingerprint: bytes) -> None:
        self._row: dict[str, Any] = {"key": key, "route": route, "fingerprint": fingerprint}

    async def replay(self, tx: HotTransaction, principal: Principal) -> Response | None:
        """The stored answer, or None when this request is the first; raises ``KeyReused`` or ``InFlight``."""
        found = await tx.row(_FIND, {**self._row, "principal": principal.subject})
        if found is None or not found["free"]:
            raise _in_flight()
        if found["fingerprint"] is None:
            return None
        if bytes(found["fingerprint"]) != self._row["fingerprint"]:
            raise KeyReused("Use a new key for a new request.")
        headers = {"Idempotent-Replayed": "true"}
        return Response(bytes(found["body"]), found["status"], headers, media_type="application/json")

    async def store(self, tx: HotTransaction, principal: Principal, status: int, body: bytes) -> Response:
        """Keep the answer (JSON bytes) in this transaction and return it.

        Raises ``InFlight`` when another request with this key committed between the look-up's snapshot and its lock: the
        row decides, and this transaction rolls back.
        """
        row = {**self._row, "principal": principal.subject, "status": status, "body": body}
        if not await tx.count(_STORE, row):
            raise _in_flight()
        return Response(body, status, media_type="application/json")


class NoKey(IdempotencyKey):
    """Of a client that sent none: every request is the first."""

    def __init__(self) -> None:
        super().__init__("", "", b"")

    async def replay(self, tx: HotTransaction, principal: Principal) -> Response | None:
        return None

    async def store(self, tx: HotTransaction, principal: Principal, status: int, body: bytes) -> Response:
        return Response(body, status, media_type="application/json")


def _in_flight() -> InFlight:
    return InFlight("Wait for the first request with this key, then ask again.", headers={"Retry-After": "1"})


def required() -> Any:
    """Dependency that gives the request's ``IdempotencyKey``; 400 without a key of 8 to 128 visible ASCII characters."""
    return Depends(_read)


def optional() -> Any:
    """Dependency like ``required()`` for writes where a doubled request is only a nuisance: without a key there is no replay."""
    return Depends(_read_optional)


_Given = Annotated[
    str | None, Header(alias=HEADER, description="The same for a retry, then the first answer comes again.")
]


async def _read_optional(request: Request, given: _Given = None) -> IdempotencyKey:
    return NoKey() if given is None else await _read(request)


async def _read(request: Request) -> IdempotencyKey:
    key = request.headers.get(HEADER, "")
    if not _KEY.match(key):
        raise KeyMissing(f"Send {HEADER} with 8 to 128 visible ASCII characters, new for each new request.")
    digest = hashlib.sha256(f"{request.method} {request.url.path}\n".encode() + await request.body())
    return IdempotencyKey(key, f"{request.method} {request.url.path}", digest.digest())
