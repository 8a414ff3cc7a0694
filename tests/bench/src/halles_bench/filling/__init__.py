"""Brings a market to a scale: set-based copies of what real sellers and buyers did, then the product's own commands."""
