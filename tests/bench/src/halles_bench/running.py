"""One run: fill, measure each operation, print, store."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace

from rich.console import Console

from halles_bench.filling.offers import fill_offers
from halles_bench.measure import Meter, idle_rates
from halles_bench.operations.every import EVERY, PAST_THE_CACHE
from halles_bench.report import print_result, store
from halles_bench.rest import at_rest
from halles_bench.scales import SCALES
from halles_bench.world import World, world
from halles_local.stack import Stack

_IDLE_SECONDS = 10.0
_QUICK_IDLE_SECONDS = 1.0


async def run(stack: Stack, console: Console, *, chosen: Sequence[str], scale: str, calls: int | None) -> None:
    """Measure the chosen operations. Without a ``scale`` the market is taken as it is; with ``calls`` it is a quick look."""
    async with world(stack) as place:
        if scale:
            console.print(f"filling to {scale} …")
            await _fill(place, SCALES[scale])
        await at_rest(place)
        idle = await idle_rates(place, seconds=_QUICK_IDLE_SECONDS if calls else _IDLE_SECONDS)
        meter = Meter(place, idle)
        for word in chosen:
            async with place.second_gateway() if word in PAST_THE_CACHE else nullcontext():
                for operation in await EVERY[word](place):
                    limited = replace(operation, most=calls, warm_rounds=1) if calls else operation
                    result = await meter.operation(limited, scale)
                    print_result(console, result)
                    if scale and not calls:
                        store(place, result, idle)


async def _fill(place: World, count: int) -> None:
    await fill_offers(place.stack, place.databases, count)
