"""The HTTP edge of a service: problems, callers, idempotency, health."""
