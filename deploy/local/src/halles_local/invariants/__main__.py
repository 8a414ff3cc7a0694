"""``python -m halles_local.invariants``: check the running stack, waiting for it to come to rest."""

import asyncio
import sys
import time

from rich.console import Console

from halles_local.invariants.check import check
from halles_local.invariants.here import sources_of
from halles_local.stack import Stack

REST_SECONDS = 60.0


async def main() -> int:
    """Check until everything holds or the time to come to rest is over; print what does not hold."""
    console, sources = Console(), sources_of(Stack.from_environment())
    end = time.monotonic() + REST_SECONDS
    while True:
        found = await check(sources)
        violated = {name: items for name, items in found.items() if items}
        if not violated or time.monotonic() > end:
            break
        await asyncio.sleep(1.0)
    for name, items in found.items():
        console.print(f"{name:4} {'[green]holds[/green]' if not items else f'[red]{len(items)} violation(s)[/red]'}")
        for item in items[:10]:
            console.print(f"       {item}", markup=False)
    sources.close()
    return 1 if violated else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
