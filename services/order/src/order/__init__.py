"""Carts, checkout saga, orders."""
