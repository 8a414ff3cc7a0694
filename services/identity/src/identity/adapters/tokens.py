"""Signs internal and external tokens, and reads back the external ones. Implements ``ports.TokenSigner``."""

import secrets
from typing import Any

from joserfc import jwt

from edge.auth import ALGORITHM, ISSUER, TOKEN_TYPE, check_token
from edge.errors import Unauthenticated
from identity.adapters.keys import SigningKeys
from identity.domain.access import Access
from identity.domain.lifetimes import ACCESS_TOKEN, INTERNAL_TOKEN

EXTERNAL_TYPE = "at+jwt"
EXTERNAL_AUDIENCE = "halles"
_SKEW_SECONDS = 5
"""``nbf`` lies this far back, for clocks that are a little behind."""


class TokenSigner:
    def __init__(self, keys: SigningKeys) -> None:
        self._keys = keys

    def internal(self, access: Access, audience: str, *, now: int) -> str:
        claims = {
            "aud": audience,
            "sub": access.subject,
            "roles": access.roles,
            "memberships": access.sellers,
            "sid": access.session,
            "auth_time": access.auth_time,
            "exp": now + int(INTERNAL_TOKEN.total_seconds()),
        }
        return self._sign(TOKEN_TYPE, claims, now)

    def external(self, account_id: str, *, family_id: str, now: int) -> str:
        lasts = int(ACCESS_TOKEN.total_seconds())
        claims = {"aud": EXTERNAL_AUDIENCE, "sub": account_id, "sid": family_id, "exp": now + lasts}
        return self._sign(EXTERNAL_TYPE, claims, now)

    def read_external(self, token: str) -> tuple[str, str] | None:
        try:
            claims = check_token(token, self._keys.all, audience=EXTERNAL_AUDIENCE, kind=EXTERNAL_TYPE)
        except Unauthenticated:
            return None
        return claims["sub"], claims["sid"]

    def _sign(self, kind: str, claims: dict[str, Any], now: int) -> str:
        common = {"iss": ISSUER, "iat": now, "nbf": now - _SKEW_SECONDS, "jti": secrets.token_urlsafe(12)}
        header = {"alg": ALGORITHM, "typ": kind, "kid": self._keys.kid}
        return jwt.encode(header, {**common, **claims}, self._keys.signing, algorithms=[ALGORITHM])
