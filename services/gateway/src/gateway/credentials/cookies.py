"""The two cookies of browsers: secret, for this host only, never sent along by other sites' forms."""

from starlette.responses import Response

from gateway.credentials.credential import CART_COOKIE, SESSION_COOKIE

_CART_SECONDS = 60 * 24 * 3600


def set_session(response: Response, token: str, *, seconds: int) -> None:
    """``seconds`` is the life that identity gave to the session."""
    _set(response, SESSION_COOKIE, token, seconds)


def set_cart(response: Response, token: str) -> None:
    _set(response, CART_COOKIE, token, _CART_SECONDS)


def clear_session(response: Response) -> None:
    _set(response, SESSION_COOKIE, "", 0)


def clear_cart(response: Response) -> None:
    _set(response, CART_COOKIE, "", 0)


def _set(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax")
