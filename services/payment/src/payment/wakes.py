"""Wake-ups inside one process, so that nothing new waits for a poll; replicas find it by polling."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wakes:
    """Call one after the commit that gave its worker something to do."""

    operations: Callable[[], None]
    webhooks: Callable[[], None]
    settlements: Callable[[], None]
    balance: Callable[[], None]
    accounts: Callable[[], None]


def later(wake: Callable[[], None], *, seconds: int) -> Callable[[], None]:
    """Return a wake-up that fires a little after ``seconds``, for what is due only then."""

    def plan() -> None:
        asyncio.get_running_loop().call_later(seconds + _MARGIN_SECONDS, wake)

    return plan


class Gathered:
    """A wake-up a little after ``seconds``, one for everything that is planned meanwhile; what is planned late waits twice as long."""

    def __init__(self, wake: Callable[[], None], *, seconds: int) -> None:
        self._wake = later(self._fire, seconds=seconds)
        self._then = wake
        self._planned = 0

    def __call__(self) -> None:
        self._planned += 1
        if self._planned == 1:
            self._wake()

    def _fire(self) -> None:
        has_more, self._planned = self._planned > 1, 0
        self._then()
        if has_more:
            self()


_MARGIN_SECONDS = 0.05
