"""What the gateway itself refuses. Codes are stable: clients decide by them (docs at /problems/<code>)."""

from edge.errors import AppError, Unavailable


class NoSuchRoute(AppError):
    status = 404
    code = "not-found"
    title = "Not found"


class MethodNotAllowed(AppError):
    status = 405
    code = "method-not-allowed"
    title = "Method not allowed"


class SignInFirst(AppError):
    status = 401
    code = "unauthenticated"
    title = "Sign in first"


class SessionExpired(AppError):
    status = 401
    code = "session-expired"
    title = "The session has ended"


class CrossOrigin(AppError):
    status = 403
    code = "cross-origin"
    title = "Sent from another site"


class BodyTooLarge(AppError):
    status = 413
    code = "too-large"
    title = "Request too large"


class HeadersTooLarge(AppError):
    status = 431
    code = "headers-too-large"
    title = "Request headers too large"


class UnknownHost(AppError):
    status = 421
    code = "unknown-host"
    title = "This host is not served here"


class WrongMediaType(AppError):
    status = 415
    code = "unsupported-media-type"
    title = "Send JSON"


class KeyMissing(AppError):
    status = 400
    code = "idempotency-key-missing"
    title = "Idempotency-Key is required"


class KeyMalformed(AppError):
    status = 400
    code = "idempotency-key-malformed"
    title = "Idempotency-Key is malformed"


class InvalidRequest(AppError):
    status = 422
    code = "invalid-request"
    title = "Invalid request"


class RateLimited(AppError):
    status = 429
    code = "rate-limited"
    title = "Too many requests"


class TooManyStreams(AppError):
    status = 429
    code = "too-many-streams"
    title = "Too many open streams"


class UpstreamAway(Unavailable):
    """A service that a required part needs did not answer usefully; ``reason``: timeout | connect | garbage | failed."""

    def __init__(self, upstream: str, reason: str) -> None:
        super().__init__(f"A part of the market is not answering ({upstream}). Try again in a moment.")
        self.upstream = upstream
        self.reason = reason


class Overloaded(Unavailable):
    code = "overloaded"
    title = "Too busy at the moment"
