"""What a client shows to prove who it is, and where it stands in a request."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from starlette.requests import Request

SESSION_COOKIE = "__Host-halles-session"
CART_COOKIE = "__Host-halles-cart"
CART_HEADER = "Halles-Cart"
_LONGEST = 4096


class Kind(StrEnum):
    SESSION = "session"
    ACCESS = "access"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Credential:
    """``value`` is a secret: only its hash is kept or logged."""

    kind: Kind
    value: str = ""

    def fingerprint(self) -> bytes:
        return hashlib.sha256(f"{self.kind}:{self.value}".encode()).digest()


ANONYMOUS = Credential(Kind.ANONYMOUS)


def credential_of(request: Request) -> Credential:
    """A Bearer access token wins over the session cookie; neither is ANONYMOUS. Every other header is ignored (S6)."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and 0 < len(token) <= _LONGEST:
        return Credential(Kind.ACCESS, token)
    if 0 < len(session := request.cookies.get(SESSION_COOKIE, "")) <= _LONGEST:
        return Credential(Kind.SESSION, session)
    return ANONYMOUS


def guest_cart_of(request: Request) -> str | None:
    """The guest's cart token: header of an app, or cookie of a browser."""
    token = request.headers.get(CART_HEADER) or request.cookies.get(CART_COOKIE)
    return token if token and len(token) <= _LONGEST and token.isascii() and token.isprintable() else None
