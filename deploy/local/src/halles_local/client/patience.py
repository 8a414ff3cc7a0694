"""Waiting for what is decided elsewhere, with a limit and a reason."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from halles_local.client.api import Refused

T = TypeVar("T")


class TooLong(Exception):
    """It did not come in time."""


async def until(what: str, look: Callable[[], Awaitable[T | None]], *, seconds: float = 30.0, pause: float = 0.05) -> T:
    """Return what ``look`` finds, looking first at once, then after a ``pause`` that grows.

    Raises ``TooLong`` naming ``what`` when that takes more than ``seconds``.
    """
    end, reason = time.monotonic() + seconds, ""
    while True:
        try:
            found = await look()
            if found is not None and found is not False:
                return found
        except Refused as refused:
            if refused.status not in (404, 409):
                raise
            reason = f" ({refused})"
        if time.monotonic() > end:
            raise TooLong(f"{what}: not within {seconds:.0f} s{reason}")
        await asyncio.sleep(pause)
        pause = min(pause * 1.4, 0.5)
