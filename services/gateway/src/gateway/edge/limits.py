"""Rate limits: a sliding window per account, or per address for visitors, in weighted requests."""

import math
import time
from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from gateway.refusals import RateLimited

_WINDOW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left of a limit: weighted requests, and seconds until the window has moved on."""

    limit: int
    remaining: int
    reset_seconds: int

    def headers(self) -> dict[str, str]:
        """The draft fields (draft-ietf-httpapi-ratelimit-headers-11); the draft moves, so they are written here only."""
        return {
            "RateLimit-Policy": f'"default";q={self.limit};w={_WINDOW_SECONDS}',
            "RateLimit": f'"default";r={self.remaining};t={self.reset_seconds}',
        }


class Limiter:
    """In the memory of this process: a replica counts for itself. It needs no server, so it cannot be away."""

    def __init__(self, *, per_minute: int) -> None:
        self._item = RateLimitItemPerMinute(per_minute)
        self._per_minute = per_minute
        self._strategy: SlidingWindowCounterRateLimiter | None = None

    async def charge(self, who: str, weight: int) -> Standing:
        """Take ``weight`` from the account of ``who``; raises ``RateLimited`` with Retry-After when it is spent."""
        strategy = self._strategy = self._strategy or SlidingWindowCounterRateLimiter(MemoryStorage())
        allowed = await strategy.hit(self._item, who, cost=weight)
        stats = await strategy.get_window_stats(self._item, who)
        reset = max(1, math.ceil(stats.reset_time - time.time()))
        standing = Standing(self._per_minute, max(0, stats.remaining), reset)
        if not allowed:
            headers = {"Retry-After": str(reset), **standing.headers()}
            raise RateLimited("Too many requests in a short time. Wait a moment, then try again.", headers=headers)
        return standing
