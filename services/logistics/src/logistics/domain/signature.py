"""The carrier's signature: ``Carrier-Signature: t=<unix>,v1=<hex hmac-sha256(secret, "{t}.{raw body}")>``."""

import hashlib
import hmac
from datetime import datetime

from logistics.domain.errors import BadSignature

TOLERANCE_SECONDS = 300
"""How far the signature's time may be from ours, both ways: bounds the replay of a recorded callback."""


def check_signature(header: str | None, raw: bytes, *, secret: str, now: datetime) -> None:
    """Raise ``BadSignature`` unless the raw bytes were signed with ``secret`` within the tolerance."""
    pairs = [part.partition("=") for part in (header or "").split(",")]
    times = [value for name, _, value in pairs if name.strip() == "t"]
    given = [value.strip() for name, _, value in pairs if name.strip() == "v1"]
    if len(times) != 1 or not times[0].isascii() or not times[0].isdigit() or not given:
        raise BadSignature("Carrier-Signature has to be t=<unix seconds>,v1=<hex>.")
    if abs(now.timestamp() - int(times[0][:20])) > TOLERANCE_SECONDS:
        raise BadSignature(f"The signature is more than {TOLERANCE_SECONDS} seconds away from now.")
    expected = hmac.new(secret.encode(), f"{times[0]}.".encode() + raw, hashlib.sha256).hexdigest().encode()
    if not any(hmac.compare_digest(expected, value.encode()) for value in given):
        raise BadSignature("The signature does not belong to these bytes.")
