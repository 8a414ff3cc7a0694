"""Waiting until everything that was caused has happened everywhere."""

import asyncio
import time

from halles_bench.world import World
from halles_local import lag

_PAUSE = 0.1
_PATIENCE_SECONDS = 600.0


class NeverAtRest(Exception):
    """Something is stuck; names what."""


async def at_rest(world: World, *, seconds: float = _PATIENCE_SECONDS) -> None:
    """Outboxes empty, sagas ended, every consumer at the end of its topics. Raises ``NeverAtRest``."""
    end = time.monotonic() + seconds
    while True:
        waiting = await world.databases.waiting()
        behind = {} if waiting else await asyncio.to_thread(lag.by_group, world.stack)
        if not waiting and behind and not any(behind.values()):
            return
        if time.monotonic() > end:
            raise NeverAtRest(f"{waiting} rows wait, consumers behind: {behind}")
        await asyncio.sleep(_PAUSE)
