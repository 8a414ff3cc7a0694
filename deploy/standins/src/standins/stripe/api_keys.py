"""API keys: any test key is accepted, none opens anything real, live keys are refused."""

import base64
import binascii

from standins.stripe.errors import not_authenticated
from standins.stripe.wire import Request


def check_key(request: Request) -> bool:
    """Return whether the key is a publishable one; refuse none, wrong and live keys."""
    key = _key(request.headers.get("authorization", ""))
    if not key:
        raise not_authenticated(
            "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer"
            " auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
        )
    if key.startswith(("sk_live_", "rk_live_", "pk_live_")):
        raise not_authenticated(
            "This is the Stripe stand-in, not Stripe: it refuses live keys. Use a key that begins with sk_test_."
        )
    if not key.startswith(("sk_test_", "rk_test_", "pk_test_")):
        raise not_authenticated(f"Invalid API Key provided: {key[:8]}{'*' * 8}")
    return key.startswith("pk_test_")


def _key(header: str) -> str:
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value).decode("utf-8", "replace").partition(":")[0]
    except binascii.Error:
        return ""
