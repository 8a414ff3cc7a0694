"""Crash points for fault tests: no-ops unless ``HALLES_CRASH_AT`` names one, then the process ends as if killed."""

import os

_AT = os.environ.get("HALLES_CRASH_AT")


def checkpoint(name: str) -> None:
    """End the process with code 137, without any clean-up, when this point is the chosen one."""
    if name == _AT:
        os._exit(137)
