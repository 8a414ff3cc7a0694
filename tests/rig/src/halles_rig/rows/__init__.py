"""The rows of the fault matrix (reliability.md 6.4); importing this package registers all of them."""

from halles_rig.row import ROWS
from halles_rig.rows import broker, clock, cluster, crash_points, database, delivery, processes, provider, slow

__all__ = [
    "ROWS",
    "broker",
    "clock",
    "cluster",
    "crash_points",
    "database",
    "delivery",
    "processes",
    "provider",
    "slow",
]
