"""Callbacks to the platform: queued in the sender's own database, signed, retried with growing gaps."""
