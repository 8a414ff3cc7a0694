"""What an error of the SDK says about a call: done or not, or nobody knows (payments.md 1.5, 4.5)."""

import re
from collections.abc import Mapping
from typing import Any

import aiohttp

from edge.errors import Unavailable
from payment.adapters import stripe_facts
from payment.adapters.stripe_sdk import stripe
from payment.domain.facts import Intent, KeyMismatch, NotExecuted, Outcome, Refused, Unclear

NETWORK = (aiohttp.ClientError, TimeoutError, OSError)
"""A body that is cut while it is read escapes the SDK's own wrapping."""
_CONFLICT = 409


def outcome_of(error: Exception) -> Outcome:
    """Classify. Anything that is not known to be definite counts as unknown."""
    if isinstance(error, NETWORK):
        return Unclear(type(error).__name__)
    if not isinstance(error, stripe.StripeError):
        raise error
    if error.http_status == _CONFLICT:
        return NotExecuted("the same call is still running")
    match error:
        case stripe.IdempotencyError():
            return KeyMismatch(_reason(error))
        case stripe.RateLimitError():
            return NotExecuted("too many requests")
        case stripe.AuthenticationError() | stripe.PermissionError():
            return NotExecuted(f"our key is not accepted ({error.http_status})")
        case stripe.APIConnectionError() | stripe.APIError():
            return Unclear(f"{type(error).__name__} {error.http_status or ''}".strip(), is_final=_is_replayed(error))
    if error.http_status is None or not 400 <= error.http_status < 500:
        return Unclear(f"{type(error).__name__} {error.http_status or ''}".strip())
    return Refused(_reason(error), _intent(error))


def failed_read(error: Exception) -> Exception:
    """Return what a failed read is raised as."""
    if isinstance(error, stripe.InvalidRequestError):
        return LookupError(str(error))
    if isinstance(error, (stripe.StripeError, *NETWORK)):
        return Unavailable(f"The payment provider does not answer ({type(error).__name__}).")
    return error


def _is_replayed(error: stripe.StripeError) -> bool:
    """A failure that Stripe has stored for our key is all that this key will ever say."""
    headers = {str(name).lower(): value for name, value in (error.headers or {}).items()}
    return headers.get("idempotent-replayed") == "true" and (error.http_status or 0) >= 500


def _details(error: stripe.StripeError) -> Mapping[str, Any]:
    body = error.json_body
    found = body.get("error") if isinstance(body, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _reason(error: stripe.StripeError) -> str:
    details = _details(error)
    code = details.get("decline_code") or details.get("code") or error.code
    word = code or details.get("type") or type(error).__name__
    return re.sub(r"[^a-z0-9]+", "_", str(word).lower()).strip("_")[:64] or "refused"


def _intent(error: stripe.StripeError) -> Intent | None:
    body = _details(error).get("payment_intent")
    return stripe_facts.intent(body) if isinstance(body, Mapping) else None
