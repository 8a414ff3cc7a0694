"""How often a failed call may be made again: a tenth of all calls, so that an upstream in trouble is not asked twice as much."""

from prometheus_client import Counter

RETRIES = Counter(
    "halles_gateway_retries_total", "Calls made again, or refused that by the budget", ["upstream", "outcome"]
)
SHARE = 0.1
"""A retry for every ten calls (reliability.md 4.3)."""
RESERVE = 10.0
"""Retries that an upstream with little traffic has at once, and the most that are saved up."""


class RetryBudget:
    """Of one upstream, in one process."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self._left = RESERVE

    def called(self) -> None:
        """Each first call earns a share of a retry."""
        self._left = min(RESERVE, self._left + SHARE)

    def spend(self) -> bool:
        """Take one retry; False when none is left."""
        allowed = self._left >= 1.0
        if allowed:
            self._left -= 1.0
        RETRIES.labels(self._upstream, "made" if allowed else "refused").inc()
        return allowed
