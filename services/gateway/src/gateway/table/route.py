"""What a public route is: everything that the gateway must know about it, as data."""

from dataclasses import dataclass
from enum import StrEnum

KIBIBYTE = 1024
READ = 0
"""Budget marker: the read budget of the settings."""
WRITE_MS = 5_000
SLOW_MS = 12_000
"""Argon2 behind a bounded pool, and calls that reach Stripe."""


class Access(StrEnum):
    """Whose internal token goes upstream."""

    PUBLIC = "public"
    """Always the anonymous one: the answer cannot depend on who asks, so it may be cached."""
    EITHER = "either"
    """The caller's if signed in, else anonymous."""
    ACCOUNT = "account"
    """The caller's; without a credential 401 before any upstream call."""
    SIGNED = "signed"
    """None: the raw body carries its own signature (webhooks)."""


@dataclass(frozen=True, slots=True)
class CachePolicy:
    """``topic`` is the tag family that events invalidate; ``seconds`` is the longest life without any event.

    Only requests whose query parameters are all in ``parameters`` are cached, so that nobody fills the cache with noise.
    """

    topic: str
    seconds: float
    parameters: frozenset[str] = frozenset()
    max_page: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """``roles`` is for readers of the document; the owning service decides. ``view`` names a composed or special answer.

    ``fresh`` asks identity again when the exchanged token is older than five seconds: money moves or rights change.
    ``media_types`` are those that the body may have.
    """

    method: str
    path: str
    upstream: str
    access: Access = Access.EITHER
    roles: tuple[str, ...] = ()
    view: str | None = None
    budget_ms: int = READ
    keyed: bool = False
    cache: CachePolicy | None = None
    weight: int = 1
    body_limit: int = 1024 * KIBIBYTE
    media_types: tuple[str, ...] = ("application/json",)
    fresh: bool = False
    headers: tuple[str, ...] = ()


def get(path: str, upstream: str, access: Access = Access.ACCOUNT, **more: object) -> Route:
    """A read within the read budget."""
    return Route(method="GET", path=path, upstream=upstream, access=access, **more)  # type: ignore[arg-type]


def write(method: str, path: str, upstream: str, access: Access = Access.ACCOUNT, **more: object) -> Route:
    """A call that changes something: one upstream, one longer budget."""
    settings: dict[str, object] = {"budget_ms": WRITE_MS, "weight": 2} | more
    return Route(method=method, path=path, upstream=upstream, access=access, **settings)  # type: ignore[arg-type]
