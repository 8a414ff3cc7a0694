"""Time that is left for a request: one budget for all its calls, handed down as an absolute moment."""

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """``at_ms`` is Unix time in milliseconds, the value of X-Request-Deadline."""

    at_ms: int

    @classmethod
    def after(cls, milliseconds: int) -> "Deadline":
        return cls(int(time.time() * 1000) + milliseconds)

    def left(self) -> float:
        """Seconds that remain, never negative."""
        return max(0.0, self.at_ms / 1000 - time.time())
