"""The journeys run on one whole market."""

from market_fixtures import stack, world

__all__ = ["stack", "world"]
