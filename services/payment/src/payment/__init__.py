"""Stripe operations, ledger, settlements."""
