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


_MARGIN_SECONDS = 0.05
