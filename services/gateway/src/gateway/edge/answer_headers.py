"""Headers that every answer carries, as raw bytes made once."""

RawHeaders = list[tuple[bytes, bytes]]
REQUEST_ID = b"halles-request-id"
_PRIVATE = (b"cache-control", b"private, no-store")
_POLICY = b"content-security-policy"
_CLOSED = (_POLICY, b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'")
_ALWAYS: RawHeaders = [
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]


def completed(given: RawHeaders, *, request_id: bytes, cors: RawHeaders) -> RawHeaders:
    """The answer's own headers, then ours. What names no cache rule is private; what names no policy may load nothing."""
    names = {name for name, _ in given}
    headers = [*given, (REQUEST_ID, request_id), *_ALWAYS, *cors]
    if b"cache-control" not in names:
        headers.append(_PRIVATE)
    if _POLICY not in names:
        headers.append(_CLOSED)
    return headers


class Cors:
    """Exact origins only. Others get no header, so browsers keep the answer from their pages (S41)."""

    def __init__(self, origins: tuple[str, ...]) -> None:
        self._origins = frozenset(origin.encode() for origin in origins)

    def headers(self, origin: bytes | None) -> RawHeaders:
        if not self._origins:
            return []
        vary = (b"vary", b"Origin")
        if origin not in self._origins or origin is None:
            return [vary]
        return [
            (b"access-control-allow-origin", origin),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", b"Halles-Request-Id, Halles-Cart, Retry-After, RateLimit, ETag"),
            vary,
        ]

    def preflight(self, origin: bytes | None, methods: frozenset[str]) -> RawHeaders:
        """Answer to the browser's question before the request; empty for origins that are not named."""
        if origin not in self._origins:
            return []
        return [
            (b"access-control-allow-methods", ", ".join(sorted(methods)).encode()),
            (b"access-control-allow-headers", b"Content-Type, Idempotency-Key, Halles-Cart, Halles-Visit, Prefer"),
            (b"access-control-max-age", b"600"),
        ]
