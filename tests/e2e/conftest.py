"""The journeys run on one whole market."""

from market_fixtures import stack, world
from sites import browser, place

__all__ = ["browser", "place", "stack", "world"]
