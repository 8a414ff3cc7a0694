"""The one middleware (pure ASGI): language, origin of writes, size of forms, security headers, log line."""

import re
import secrets
import time
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.languages import language_of

log = structlog.get_logger()
_LARGEST_FORM = 256 * 1024
_LARGEST_UPLOAD = 32 * 1024 * 1024
"""Of a form with pictures; the API takes 10 MiB for each."""
_WITH_PICTURES = re.compile(r"^/sell/[^/]+/(?:profile|offers/new|products/[^/]+/pictures)$")
_SAFE = ("GET", "HEAD", "OPTIONS")
_QUIET = ("/livez", "/readyz", "/startupz")
_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; script-src 'nonce-{}'; img-src 'self'; connect-src 'self'; worker-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
_HEADERS = [
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]


class Edge:
    """Holds for every request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status, nonce = time.perf_counter(), 500, secrets.token_urlsafe(16)
        language, path = language_of(scope["path"])
        scope = {**scope, "path": path, "raw_path": path.encode(), "web.language": language, "web.nonce": nonce}
        policy = (b"content-security-policy", _POLICY.format(nonce).encode())

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], policy, *_HEADERS]}
            await send(message)

        await (_refusal(scope) or self._app)(scope, receive, answer)
        if path not in _QUIET and not path.startswith("/static/"):
            ms = round((time.perf_counter() - started) * 1000, 2)
            log.info("page.done", method=scope["method"], path=path, language=language.code, status=status, ms=ms)


def _refusal(scope: Scope) -> ASGIApp | None:
    headers = Headers(scope=scope)
    if scope["method"] in _SAFE:
        return None
    if not is_own_form(headers):
        return PlainTextResponse("This form was sent by another site, so nothing was done.", 403)
    length = headers.get("content-length", "")
    largest = _LARGEST_UPLOAD if _WITH_PICTURES.match(scope["path"]) else _LARGEST_FORM
    if not length.isdigit() or int(length) > largest:
        return PlainTextResponse("This is too much for one form.", 413)
    return None


def is_own_form(headers: Headers) -> bool:
    """Sec-Fetch-Site decides, Origin where a browser does not send it; programs send neither and have no cookies to steal."""
    if (site := headers.get("sec-fetch-site")) is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
