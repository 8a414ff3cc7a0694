"""Prometheus series that every service has. Labels are templates and names, never ids."""

from collections.abc import Callable

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
REQUESTS = Counter("halles_http_requests_total", "Requests by route template", ["route", "method", "status"])
IN_FLIGHT = Gauge("halles_http_requests_in_flight", "Requests being answered")
LOOP_LAG = Gauge("halles_event_loop_lag_seconds", "How late the last wake-up of a second's sleep came")
REQUEST_SECONDS = Histogram("halles_http_request_seconds", "Duration of requests", ["route"], buckets=_SECONDS)
UPSTREAM_SECONDS = Histogram(
    "halles_upstream_seconds", "Duration of calls to other services", ["upstream", "outcome"], buckets=_SECONDS
)
OUTBOX_PUBLISHED = Counter("halles_outbox_published_total", "Events acknowledged by the broker")
OUTBOX_OLDEST = Gauge("halles_outbox_oldest_seconds", "Age of the oldest event that is not published")
OUTBOX_PARKED = Gauge("halles_outbox_parked", "Aggregates whose events cannot be published")
CONSUMED = Counter("halles_consumer_events_total", "Events by outcome", ["consumer", "topic", "outcome"])
CONSUMER_DELAY = Gauge("halles_consumer_delay_seconds", "Age of the last processed event", ["consumer", "topic"])
CONSUMER_LAG = Gauge(
    "halles_consumer_lag_messages", "Events that the group has not finished", ["consumer", "topic", "partition"]
)
CONSUMER_LAG_SECONDS = Gauge(
    "halles_consumer_lag_seconds", "Age of the oldest event in hand, 0 when nothing waits", ["consumer", "topic"]
)
CONSUMER_BATCH_SECONDS = Histogram(
    "halles_consumer_batch_seconds", "Time from a batch's arrival to its commit", ["consumer"], buckets=_SECONDS
)
OFFSETS_NOT_COMMITTED = Counter(
    "halles_consumer_commit_failures_total", "Offsets that could not be committed", ["consumer"]
)
PARKED_EVENTS = Gauge("halles_parked_events", "Events set aside behind a failed one of their key", ["consumer"])
PARKED_OLDEST = Gauge("halles_parked_oldest_seconds", "Age of the oldest parked event", ["consumer"])
DEAD_LETTERS = Counter(
    "halles_dead_letters_total", "Records nobody can read, kept in the dead-letter topic", ["consumer", "topic"]
)
POOL_SIZE = Gauge("halles_database_pool_connections", "Connections of the pool", ["pool"])
POOL_IDLE = Gauge("halles_database_pool_idle", "Connections that nobody uses", ["pool"])
POOL_WAITING = Gauge("halles_database_pool_waiting", "Requests that wait for a connection", ["pool"])
FORGOTTEN = Counter("halles_retention_rows_total", "Rows deleted because their time is over", ["table"])
LOOP_FAILURES = Counter("halles_loop_failures_total", "Failed rounds of background loops", ["loop"])


def watch_pool(name: str, stats: Callable[[], dict[str, int]]) -> None:
    """Read a connection pool's own figures whenever the series are asked for."""
    POOL_SIZE.labels(name).set_function(lambda: stats().get("pool_size", 0))
    POOL_IDLE.labels(name).set_function(lambda: stats().get("pool_available", 0))
    POOL_WAITING.labels(name).set_function(lambda: stats().get("requests_waiting", 0))
