"""Wake-ups inside one process, so that nothing new waits for a poll; replicas find it by polling."""

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
