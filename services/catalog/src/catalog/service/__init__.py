"""Use cases: plain functions inside the transaction that their entrypoint opened."""
