"""The public API: composition, cache, limits, live updates."""
