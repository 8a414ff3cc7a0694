"""What travels with a request or a message through the code: who started it and what caused it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from contracts.ids import new_id


@dataclass(frozen=True, slots=True)
class Cause:
    """``correlation_id`` names the first request; ``causation_id`` the request or event just before."""

    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None


_cause: ContextVar[Cause | None] = ContextVar("cause", default=None)


def current() -> Cause:
    """The cause bound here; background work that nobody asked for starts its own."""
    return _cause.get() or Cause(correlation_id=new_id("job"))


def known() -> Cause | None:
    """The cause bound here, if any."""
    return _cause.get()


def set_current(cause: Cause) -> None:
    """Bind for the rest of this task: events, upstream calls and log lines carry it."""
    _cause.set(cause)


@contextmanager
def bound(cause: Cause) -> Iterator[None]:
    """Bind inside the block."""
    token = _cause.set(cause)
    try:
        yield
    finally:
        _cause.reset(token)
