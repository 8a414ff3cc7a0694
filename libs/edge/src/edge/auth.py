"""Who is calling: proved by a 60-second internal token that identity signed for this service alone (reliability.md 5.2).

Every route declares who may call it: ``allow(...)``, ``anyone()`` or ``unauthenticated(...)``; the app refuses to start otherwise.
"""

import asyncio
import time
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp
import orjson
from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from edge.errors import Forbidden, Unauthenticated, Unavailable

ISSUER = "identity"
TOKEN_TYPE = "int+jwt"  # noqa: S105 - a media type
ALGORITHM = "Ed25519"
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """The originating caller. ``subject``: an account's id, ``anonymous`` or ``service:<name>``. ``memberships``: tenant id -> role in it."""

    subject: str
    roles: frozenset[str] = frozenset()
    memberships: Mapping[str, str] = field(default_factory=dict)
    session: str | None = None
    auth_time: int = 0

    def member_of(self, tenant_id: str) -> bool:
        return tenant_id in self.memberships


class Verifier(Protocol):
    async def verify(self, token: str) -> Principal: ...


class TokenVerifier:
    """Checks internal tokens for one audience with identity's published keys; each token is checked once, then remembered until it expires."""

    def __init__(self, *, audience: str, identity_url: str) -> None:
        self._audience = audience
        self._url = f"{identity_url}/.well-known/jwks.json"
        self._keys: KeySet | None = None
        self._known: dict[str, tuple[int, Principal]] = {}
        self._fetching = asyncio.Lock()

    async def verify(self, token: str) -> Principal:
        """Return who calls; raises ``Unauthenticated``, or ``Unavailable`` when identity's keys cannot be had."""
        known = self._known.get(token)
        if known and known[0] > time.time():
            return known[1]
        claims = await self._claims(token)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        principal = principal_from(claims)
        self._known[token] = (claims["exp"], principal)
        return principal

    async def _claims(self, token: str) -> dict[str, Any]:
        keys = self._keys or await self._fetch(None)
        try:
            return check_token(token, keys, audience=self._audience)
        except Unauthenticated:
            if not _names_unknown_key(token, keys):
                raise
        return check_token(token, await self._fetch(keys), audience=self._audience)

    async def _fetch(self, stale: KeySet | None) -> KeySet:
        async with self._fetching:
            if self._keys is None or self._keys is stale:
                self._keys = KeySet.import_key_set(await _get_json(self._url))
            return self._keys


def check_token(
    token: str, keys: KeySet, *, audience: str, issuer: str = ISSUER, kind: str = TOKEN_TYPE
) -> dict[str, Any]:
    """Verify signature, type, issuer, audience and times; raises ``Unauthenticated`` without saying which failed."""
    registry = jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": audience},
        sub={"essential": True},
        exp={"essential": True},
    )
    try:
        decoded = jwt.decode(token, keys, algorithms=[ALGORITHM])
        registry.validate(decoded.claims)
    except (JoseError, ValueError, TypeError, KeyError):
        raise Unauthenticated("The internal token is not valid here.") from None
    if decoded.header.get("typ") != kind:
        raise Unauthenticated("The internal token is not valid here.")
    return decoded.claims


def principal_from(claims: Mapping[str, Any]) -> Principal:
    return Principal(
        subject=claims["sub"],
        roles=frozenset(claims.get("roles", ())),
        memberships=claims.get("memberships", {}),
        session=claims.get("sid"),
        auth_time=claims.get("auth_time", 0),
    )


class Guard:
    """The check that a route declares. ``roles`` empty = any valid internal token; ``reason`` = the route needs none."""

    def __init__(self, roles: frozenset[str] = frozenset(), *, reason: str | None = None) -> None:
        self.roles = roles
        self.reason = reason

    async def __call__(self, request: Request) -> Principal | None:
        if self.reason is not None:
            return None
        return await self.admit(request.app.state.verifier, request.headers.get("authorization", ""))

    async def admit(self, verifier: Verifier, authorization: str) -> Principal:
        """The caller that the header proves; raises ``Unauthenticated`` or ``Forbidden``."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("This service answers only with an internal token.")
        principal = await verifier.verify(token)
        if self.roles and not (self.roles & principal.roles):
            raise _refusal(principal)
        return principal


def allow(*roles: str) -> Any:
    """Only callers with one of these roles: 403 for others, 401 for those not signed in."""
    if not roles:
        raise ValueError("name at least one role, or use anyone()")
    return Depends(Guard(frozenset(roles)))


def anyone() -> Any:
    """Any valid internal token, also of somebody who is not signed in."""
    return Depends(Guard())


def unauthenticated(reason: str) -> Any:
    """No internal token: the route proves its caller in its own way or shows nothing private; ``reason`` says which."""
    return Depends(Guard(reason=reason))


def require_declarations(app: FastAPI) -> None:
    """Raise ``RuntimeError`` naming each route, also of included routers, that does not declare who may call it."""
    bare = [
        f"{sorted(route.methods or ())} {route.path}"
        for route in iter_route_contexts(app.routes)
        if not guards_of(route)
    ]
    if bare:
        raise RuntimeError("routes without allow(), anyone() or unauthenticated(): " + ", ".join(bare))


def guards_of(route: RouteContext) -> list[Guard]:
    """What a route declares, also through its dependencies."""
    found, stack = [], list(getattr(route, "dependant", Dependant()).dependencies)
    while stack:
        dependant = stack.pop()
        stack.extend(dependant.dependencies)
        if isinstance(dependant.call, Guard):
            found.append(dependant.call)
    return found


def _refusal(principal: Principal) -> Forbidden | Unauthenticated:
    if "anonymous" in principal.roles:
        return Unauthenticated("Sign in to do this.")
    return Forbidden("Your account may not do this.")


def _names_unknown_key(token: str, keys: KeySet) -> bool:
    try:
        header = orjson.loads(urlsafe_b64decode(token.partition(".")[0] + "=="))
    except ValueError:
        return False
    return isinstance(header, dict) and header.get("kid") not in {key.kid for key in keys.keys}


async def _get_json(url: str) -> Any:
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3)) as http, http.get(url) as answer:
            answer.raise_for_status()
            return await answer.json()
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Unavailable(f"The keys of identity cannot be read ({type(error).__name__}).") from error
