"""What analytics asks of the outside world."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """``lag``: events that the group has not taken yet. ``dead_letters``: records in its dead-letter topics, replayed ones included."""

    group: str
    lag: int
    dead_letters: int


AskBroker = Callable[[], Awaitable[Sequence[GroupFigures]]]
"""The figures of all consumer groups; raises ``ConnectionError`` when the broker does not answer."""
