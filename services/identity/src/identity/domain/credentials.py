"""Secrets that identity hands out: 256 random bits, only their SHA-256 is stored (ASVS 11.5.1, 6.5.3)."""

import hashlib
import secrets

_BYTES = 32


def new_secret() -> str:
    """43 characters of URL-safe base64."""
    return secrets.token_urlsafe(_BYTES)


def fingerprint(secret: str) -> bytes:
    """What is stored and looked up. The secret has full entropy, so a fast hash is right."""
    return hashlib.sha256(secret.encode()).digest()


def address_key(address: str) -> str:
    """The form of an address that is unique: people type capitals where they like."""
    return address.strip().casefold()
