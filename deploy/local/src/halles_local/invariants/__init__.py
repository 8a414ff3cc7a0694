"""The fourteen invariants (reliability.md 2.5) over a stack at rest, for tests, fault runs and a nightly job.

``python -m halles_local.invariants`` checks the running stack and ends with code 1 on any violation.
"""

from halles_local.invariants.check import check
from halles_local.invariants.sources import Sources

__all__ = ["Sources", "check"]
