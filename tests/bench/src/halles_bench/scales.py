"""How large the market is."""

SCALES = {"1k": 1_000, "100k": 100_000, "1m": 1_000_000}
"""Offers, and past orders, by the word that chooses them."""
