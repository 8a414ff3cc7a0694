"""What an operator watches about money in motion."""

from prometheus_client import Counter, Gauge

OPERATIONS = Counter(
    "halles_payment_operations_total", "Calls to the provider by kind and outcome", ["kind", "outcome"]
)
KEY_MISMATCHES = Counter(
    "halles_payment_key_mismatches_total",
    "Idempotency keys that met other parameters: money may have moved, page a human",
)
IN_DOUBT = Gauge("halles_payment_operations_unknown", "Calls whose outcome nobody knows")
IN_DOUBT_SECONDS = Gauge("halles_payment_operations_unknown_oldest_seconds", "Age of the oldest of them")
WEBHOOKS = Counter("halles_payment_webhooks_total", "Webhooks by outcome", ["outcome"])
