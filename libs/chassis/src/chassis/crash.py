"""Crash points for fault tests: no-ops unless ``HALLES_CRASH_AT`` names one, then the process ends as if killed.

``name@3`` means the third time that the point is passed.
"""

import os
from itertools import count

_AT, _, _TIME = os.environ.get("HALLES_CRASH_AT", "").partition("@")
_passed = count(1)


def checkpoint(name: str) -> None:
    """End the process with code 137, without any clean-up, when this point is the chosen one."""
    if name == _AT and next(_passed) == int(_TIME or 1):
        os._exit(137)
