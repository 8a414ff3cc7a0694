"""Identity's own keys. One signs; another may be published beside it, so that keys can be exchanged without a gap:
publish the new one, wait until caches know it, let it sign while the old one stays published for ten minutes, drop the old.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from joserfc.jwk import KeySet, OKPKey

from edge.auth import ALGORITHM


class SigningKeys:
    """``signing`` signs, all are accepted and published."""

    def __init__(self, signing: OKPKey, others: Sequence[OKPKey] = ()) -> None:
        self.signing = signing
        self.all = KeySet([signing, *others])

    @property
    def kid(self) -> str:
        return str(self.signing.kid)

    def published(self) -> dict[str, Any]:
        """The JSON Web Key Set that every service reads: public halves only."""
        keys = [{**key.as_dict(private=False), "use": "sig", "alg": ALGORITHM} for key in self.all.keys]
        return {"keys": keys}


def read_signing_keys(signing: Path, other: Path | None) -> SigningKeys:
    """Read Ed25519 private JWK files. Raises ``ValueError`` naming a file that does not hold one."""
    return SigningKeys(_read(signing), [_read(other)] if other else [])


def named(raw: dict[str, Any]) -> OKPKey:
    """A key with its thumbprint as ``kid`` unless it has one. Raises ``ValueError`` for anything but Ed25519."""
    if raw.get("crv") != "Ed25519":
        raise ValueError(f"{raw.get('crv')} is not Ed25519")
    key = OKPKey.import_key(raw)
    return key if raw.get("kid") else OKPKey.import_key({**raw, "kid": key.thumbprint()})


def _read(path: Path) -> OKPKey:
    key = named(json.loads(path.read_text("utf-8")))
    if not key.is_private:
        raise ValueError(f"{path}: not a private key")
    return key
