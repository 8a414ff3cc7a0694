"""The rig's own waiting: for a time that a fault is to last, or until something is seen."""

import asyncio
import time
from collections.abc import Awaitable, Callable


class NotSeen(Exception):
    """It did not happen in time."""


async def last(seconds: float) -> None:
    """Let a fault or a load go on for so long."""
    await asyncio.sleep(seconds)


async def seen(what: str, look: Callable[[], Awaitable[bool]], *, seconds: float, pause: float = 0.1) -> float:
    """Wait until ``look`` says True and return how long that took; raises ``NotSeen`` naming ``what``."""
    started = time.monotonic()
    while not await look():
        if time.monotonic() - started > seconds:
            raise NotSeen(f"{what}: not within {seconds:.0f} s")
        await asyncio.sleep(pause)
    return time.monotonic() - started
