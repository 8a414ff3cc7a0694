"""Prometheus series that every service has. Labels are templates and names, never ids."""

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
REQUESTS = Counter("halles_http_requests_total", "Requests by route template", ["route", "method", "status"])
REQUEST_SECONDS = Histogram("halles_http_request_seconds", "Duration of requests", ["route"], buckets=_SECONDS)
UPSTREAM_SECONDS = Histogram(
    "halles_upstream_seconds", "Duration of calls to other services", ["upstream", "outcome"], buckets=_SECONDS
)
OUTBOX_PUBLISHED = Counter("halles_outbox_published_total", "Events acknowledged by the broker")
OUTBOX_OLDEST = Gauge("halles_outbox_oldest_seconds", "Age of the oldest event that is not published")
OUTBOX_PARKED = Gauge("halles_outbox_parked", "Aggregates whose events cannot be published")
CONSUMED = Counter("halles_consumer_events_total", "Events by outcome", ["consumer", "topic", "outcome"])
CONSUMER_DELAY = Gauge("halles_consumer_delay_seconds", "Age of the last processed event", ["consumer", "topic"])
LOOP_FAILURES = Counter("halles_loop_failures_total", "Failed rounds of background loops", ["loop"])
