"""Which services exist, and their public keys: how identity knows who asks for tokens (private_key_jwt, RFC 7523)."""

import base64
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from joserfc.jwk import KeySet, OKPKey

from edge.auth import check_token
from edge.client import ASSERTION_TYPE
from edge.errors import Unauthenticated
from identity.adapters.keys import named

_LONGEST = 120
"""An assertion may live two minutes at most, whatever its maker says."""
_REMEMBERED = 1_000


class ClientKeys:
    """``names`` are all services that may be called or may call."""

    def __init__(self, keys: Mapping[str, OKPKey]) -> None:
        self._keys = keys
        self._known: dict[str, tuple[int, str]] = {}
        self.names = frozenset(keys) | {"identity"}

    def caller(self, assertion: str) -> str:
        """The name of the service that signed this; raises ``Unauthenticated``. Each assertion is checked once."""
        known = self._known.get(assertion)
        if known and known[0] > time.time():
            return known[1]
        claims = self._check(assertion)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[assertion] = (claims["exp"], claims["iss"])
        return str(claims["iss"])

    def _check(self, assertion: str) -> dict[str, Any]:
        name = _issuer(assertion)
        key = self._keys.get(name)
        if key is None:
            raise Unauthenticated("The client assertion is not valid here.")
        keys = KeySet([key])
        claims = check_token(assertion, keys, audience="identity", issuer=name, kind=ASSERTION_TYPE)
        if claims["sub"] != name or claims["exp"] > time.time() + _LONGEST:
            raise Unauthenticated("The client assertion is not valid here.")
        return claims


def read_client_keys(path: Path) -> ClientKeys:
    """Read a JSON file: service name to public Ed25519 JWK."""
    raw: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return ClientKeys({name: named({"kid": name, **key}) for name, key in raw.items()})


def _issuer(assertion: str) -> str:
    """Who it says it is from: only chooses the key that it is then checked with."""
    try:
        part = assertion.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError):
        return ""
    return str(claims.get("iss", "")) if isinstance(claims, dict) else ""
