"""Series that tell an operator that a checkout needs a human."""

from prometheus_client import Counter, Gauge

ALARMS = Counter("halles_saga_alarms_total", "Answers that contradict what was known", ["state", "trigger"])
OPEN = Gauge("halles_saga_open", "Checkouts that are not decided, by state", ["state"])
OVERDUE = Gauge("halles_saga_overdue_seconds", "How long ago the oldest deadline of a state passed", ["state"])
OLDEST_COMPENSATION = Gauge("halles_saga_oldest_compensation_seconds", "Age of the longest running compensation")
STUCK = Gauge("halles_saga_compensation_stuck", "1 when a compensation runs for longer than the alarm limit")
