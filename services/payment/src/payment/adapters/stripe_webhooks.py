"""Webhooks of Stripe: verified on the raw bytes, snapshots and thin events alike (payments.md 1.12)."""

from collections.abc import Sequence
from typing import Any

import orjson
import structlog

from payment.adapters.stripe_sdk import stripe
from payment.domain.errors import WebhookRefused
from payment.ports import Notice

log = structlog.get_logger()

TOLERANCE_SECONDS = 300
API_VERSION: str = stripe.api_version
_LONGEST_ID = 255


class StripeWebhooks:
    """Implements ``WebhookVerifier``. Several secrets are accepted, so that they can be rotated."""

    def __init__(self, secrets: Sequence[str], *, is_live: bool) -> None:
        self._secrets = tuple(secret.strip() for secret in secrets if secret.strip())
        self._is_live = is_live

    @property
    def is_configured(self) -> bool:
        """Without a secret the endpoint is off, never open."""
        return bool(self._secrets)

    def verify(self, body: bytes, signature: str | None) -> Notice:
        """Return what the webhook is about.

        :raises WebhookRefused: forged, too old, unreadable, or from the other mode.
        """
        if not any(_is_signed(body, signature, secret) for secret in self._secrets):
            raise WebhookRefused("The signature is missing, wrong or too old.")
        event = _parse(body)
        if event.get("livemode") is not self._is_live:
            raise WebhookRefused("The event comes from the other mode (live or test).")
        return _notice(event)


def _is_signed(body: bytes, signature: str | None, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(body, signature, secret, TOLERANCE_SECONDS))
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False


def _parse(body: bytes) -> dict[str, Any]:
    try:
        event = orjson.loads(body)
    except orjson.JSONDecodeError:
        event = None
    if not isinstance(event, dict) or event.get("object") not in ("event", "v2.core.event"):
        raise WebhookRefused("The body is not an event.")
    return event


def _notice(event: dict[str, Any]) -> Notice:
    event_id, kind = event.get("id"), event.get("type")
    if not isinstance(event_id, str) or not isinstance(kind, str) or len(event_id) > _LONGEST_ID:
        raise WebhookRefused("The event has no id or no type.")
    version = str(event.get("api_version") or "")
    if version and version != API_VERSION:
        log.warning("webhook.other_api_version", event_id=event_id, api_version=version, pinned=API_VERSION)
    return Notice(event_id, kind, _object_id(event), version)


def _object_id(event: dict[str, Any]) -> str:
    """Name the object to read again: of a charge its intent, as that is what we know."""
    related = event.get("related_object")
    data = event.get("data")
    subject = related if isinstance(related, dict) else data.get("object") if isinstance(data, dict) else None
    if not isinstance(subject, dict):
        return ""
    named = subject.get("payment_intent") if subject.get("object") == "charge" else subject.get("id")
    return str(named or "")
