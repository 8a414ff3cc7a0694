"""Errors in Stripe's shape."""

from typing import Any

import orjson

from standins.stripe.shape import JsonObject


class StripeError(Exception):
    """An answer that is not a success.

    `keeps_state` says that what the handler wrote is part of the answer (a decline leaves a failed charge behind);
    `is_stored` says that execution had begun, so the answer is replayed to the same idempotency key.
    """

    def __init__(
        self,
        status: int,
        error: JsonObject,
        *,
        keeps_state: bool = False,
        is_stored: bool = True,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(error.get("message"))
        self.status = status
        self.error = error
        self.keeps_state = keeps_state
        self.is_stored = is_stored
        self.headers = headers or {}

    def body(self) -> bytes:
        """Return the JSON body."""
        return orjson.dumps({"error": self.error})


def invalid_request(message: str, *, code: str | None = None, param: str | None = None, **more: Any) -> StripeError:
    """Return a 400 found while executing."""
    return StripeError(400, _error("invalid_request_error", message, code=code, param=param, **more))


def invalid_parameter(message: str, *, code: str | None, param: str) -> StripeError:
    """Return a 400 found before executing; not stored under an idempotency key."""
    return StripeError(400, _error("invalid_request_error", message, code=code, param=param), is_stored=False)


def resource_missing(title: str, identifier: str, *, param: str) -> StripeError:
    """Return the 404 for an unknown id in the path, or the 400 for one in a parameter."""
    status = 404 if param in ("id", "intent") else 400
    message = f"No such {title}: '{identifier}'"
    return StripeError(status, _error("invalid_request_error", message, code="resource_missing", param=param))


def unrecognized_url(method: str, path: str) -> StripeError:
    """Return the 404 of a URL that the stand-in does not know: never a made-up success."""
    message = (
        f"Unrecognized request URL ({method}: {path}). This is the Stripe stand-in; see STANDIN-DIFFERENCES.md"
        " for what it does not build."
    )
    return StripeError(404, _error("invalid_request_error", message), is_stored=False)


def not_authenticated(message: str) -> StripeError:
    """Return a 401."""
    headers = {"WWW-Authenticate": 'Basic realm="Stripe stand-in"'}
    return StripeError(401, _error("invalid_request_error", message), is_stored=False, headers=headers)


def account_forbidden(account: str) -> StripeError:
    """Return the 403 for a `Stripe-Account` that does not exist."""
    message = f"The provided key does not have access to account '{account}' (or that account does not exist)."
    return StripeError(403, _error("invalid_request_error", message, code="account_invalid"), is_stored=False)


def idempotency_mismatch(message: str) -> StripeError:
    """Return the 400 for a key that was used for another request."""
    return StripeError(400, _error("idempotency_error", message), is_stored=False)


def key_in_use(key: str) -> StripeError:
    """Return the 409 while the first request with the same key is still running."""
    message = (
        "There is currently another in-progress request using this Idempotent Key (that probably means you submitted"
        f" twice, and the other request is still going through): {key}. Please try again later."
    )
    error = _error("idempotency_error", message, code="idempotency_key_in_use")
    return StripeError(409, error, is_stored=False)


def rate_limited(*, should_retry: bool | None) -> StripeError:
    """Return a 429; nothing was executed."""
    headers = {} if should_retry is None else {"Stripe-Should-Retry": str(should_retry).lower()}
    error = _error("invalid_request_error", "Too many requests hit the API too quickly.", code="rate_limit")
    return StripeError(429, error, is_stored=False, headers=headers)


def internal_error() -> StripeError:
    """Return a 500."""
    return StripeError(500, _error("api_error", "An unknown error occurred"))


def not_built(message: str, *, param: str | None = None) -> StripeError:
    """Return a 400 for something Stripe can do and the stand-in cannot yet."""
    text = f"The Stripe stand-in does not build this yet: {message}"
    error = _error("invalid_request_error", text, code="standin_not_built", param=param)
    return StripeError(400, error, is_stored=False)


def card_error(error: JsonObject) -> StripeError:
    """Return a decline: 402, and what was written stays."""
    return StripeError(402, error, keeps_state=True)


def _error(kind: str, message: str, **more: Any) -> JsonObject:
    given = {name: value for name, value in more.items() if value is not None}
    return {"type": kind, "message": message, **given}
