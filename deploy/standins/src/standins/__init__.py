"""Separate processes that speak the protocol of what they stand for: Stripe, a mail server and a carrier."""
