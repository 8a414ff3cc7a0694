"""Answers kept for some seconds, the least recently made ones forgotten first."""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class ShortMemory(Generic[T]):
    """Keeps at most ``size`` answers, each for ``seconds``."""

    def __init__(self, *, size: int, seconds: float) -> None:
        self._size = size
        self._seconds = seconds
        self._kept: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()

    def recall(self, key: Hashable) -> T | None:
        """The answer, or None when there is none that is young enough."""
        kept = self._kept.get(key)
        return kept[1] if kept and kept[0] > time.monotonic() else None

    def keep(self, key: Hashable, answer: T) -> T:
        self._kept.pop(key, None)
        self._kept[key] = (time.monotonic() + self._seconds, answer)
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)
        return answer

    async def recall_or_ask(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        known = self.recall(key)
        return self.keep(key, await ask()) if known is None else known
