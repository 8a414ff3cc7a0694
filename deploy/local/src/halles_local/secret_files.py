"""Keys and passwords of a stack: made once, at random, in files that only their owner can read."""

import json
import os
import secrets
from functools import cached_property
from pathlib import Path

from joserfc.jwk import OKPKey

from halles_local.ports import DATABASES, SERVICES
from halles_local.stack import Stack

# The site uses nothing but the public API, so it has no identity of its own among the services.
CLIENTS = tuple(name for name in SERVICES if name != "web")
KAFKA_USERS = tuple(f"kafka-{name}" for name in ("admin", *CLIENTS))
OWNERS = tuple(f"{name}_owner" for name in DATABASES)


class Secrets:
    """The secrets of one stack; reading a missing one creates it."""

    def __init__(self, stack: Stack) -> None:
        self._folder = stack.secrets

    @cached_property
    def passwords(self) -> dict[str, str]:
        """Return passwords and shared secrets by name; a name that newer code adds is generated."""
        file = self._folder / "passwords.json"
        known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
        wanted = {name: secrets.token_urlsafe(24) for name in ("postgres", *DATABASES, *OWNERS, *KAFKA_USERS)}
        wanted |= {
            "stripe-key": f"sk_test_{secrets.token_hex(24)}",
            "stripe-publishable-key": f"pk_test_{secrets.token_hex(24)}",
            "stripe-webhook": f"whsec_{secrets.token_hex(32)}",
            "carrier": secrets.token_hex(32),
            "standin-control": secrets.token_hex(32),
        }
        complete = wanted | known
        if complete != known:
            write_private(file, json.dumps(complete, indent=1))
        return complete

    @property
    def signing_key(self) -> Path:
        """The file of identity's private key, which signs internal tokens."""
        return self._folder / "identity-signing.jwk"

    @property
    def client_keys(self) -> Path:
        """The file of all services' public keys."""
        return self._folder / "client-keys.json"

    def client_key(self, service: str) -> Path:
        """The file of the private key with which a service proves itself to identity."""
        return self._folder / f"{service}-client.jwk"

    def create_missing(self) -> None:
        """Create every secret that does not exist yet."""
        _ = self.passwords
        for file in (self.signing_key, *map(self.client_key, CLIENTS)):
            if not file.exists():
                write_private(file, json.dumps(_new_key()))
        public = {name: _public(self.client_key(name)) for name in CLIENTS}
        text = json.dumps(public, indent=1)
        if not self.client_keys.exists() or self.client_keys.read_text() != text:
            write_private(self.client_keys, text)


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(text)
    fresh.replace(file)


def _new_key() -> dict[str, object]:
    key = OKPKey.generate_key("Ed25519")
    return {**key.as_dict(private=True), "kid": key.thumbprint(), "use": "sig", "alg": "Ed25519"}


def _public(file: Path) -> dict[str, object]:
    key: dict[str, object] = json.loads(file.read_text())
    return {name: value for name, value in key.items() if name != "d"}
