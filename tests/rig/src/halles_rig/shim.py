"""Runs a service with a hand on what its consumers are given: `python -m halles_rig.shim order worker`.

``RIG_DELIVERY`` says how records arrive: `twice`, `delayed` (other keys first, pauses), `shuffled` (also within a key, late).
``RIG_BUG_KEY`` plants a bug: handling an event of this key fails. The services' code is the same; only ``Consumer`` is wrapped.
"""

import asyncio
import os
import random
import runpy
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from chassis.consume import Consumer, Entry, Record

_process = Consumer.process
_together = Consumer._together
_late: set[asyncio.Task[None]] = set()
_TEN_TIMES, _HELD_BACK, _LONGEST_SECONDS = 0.01, 0.3, 10.0


async def twice(consumer: Consumer, records: Sequence[Record]) -> None:
    """Every record twice, in the batch or in a batch of its own; one in a hundred ten times."""
    if random.random() < 0.5:
        await _process(consumer, [record for record in records for _ in range(2)])
    else:
        await _process(consumer, records)
        await _process(consumer, records)
    for record in records:
        if random.random() < _TEN_TIMES:
            for _ in range(8):
                await _process(consumer, [record])


async def delayed(consumer: Consumer, records: Sequence[Record]) -> None:
    """Keys in any order, each key in its own order, some of them seconds late."""
    keys = list({record.key for record in records})
    random.shuffle(keys)
    for key in keys:
        await asyncio.sleep(random.random() ** 8 * _LONGEST_SECONDS)
        await _process(consumer, [record for record in records if record.key == key])


async def shuffled(consumer: Consumer, records: Sequence[Record]) -> None:
    """Any order, also within a key; a third of the records up to two seconds after their successors."""
    now = [record for record in records if random.random() > _HELD_BACK]
    for record in [record for record in records if record not in now]:
        task = asyncio.create_task(_later(consumer, record))
        _late.add(task)
        task.add_done_callback(_late.discard)
    random.shuffle(now)
    for record in now:
        await _process(consumer, [record])


async def _later(consumer: Consumer, record: Record) -> None:
    await asyncio.sleep(random.uniform(0.1, 2.0))
    await _process(consumer, [record])


class PlantedBug(Exception):
    """What a handler would raise by mistake."""


async def _with_bug(consumer: Consumer, entries: Sequence[Entry]) -> None:
    if any(entry.key == os.environ["RIG_BUG_KEY"] for entry in entries):
        raise PlantedBug("planted by the rig")
    await _together(consumer, entries)


DELIVERIES: dict[str, Callable[[Consumer, Sequence[Record]], Awaitable[None]]] = {
    "twice": twice,
    "delayed": delayed,
    "shuffled": shuffled,
}


def main() -> None:
    """Wrap the consumer and become the service."""
    wrapped: Any = Consumer
    if way := os.environ.get("RIG_DELIVERY"):
        wrapped.process = DELIVERIES[way]
    if os.environ.get("RIG_BUG_KEY"):
        wrapped._together = _with_bug
    service = sys.argv[1]
    sys.argv = [service, *sys.argv[2:]]
    runpy.run_module(service, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
