"""The signature both Stripe and our carrier use: `t=<unix>,v1=<hmac-sha256 of "t.body">`."""

import hashlib
import hmac


def signature_header(body: bytes, secret: str, *, at: int) -> str:
    """Return the header value for the raw bytes, signed at the time of delivery (unix seconds)."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"
