"""Events under load, and projections made anew from the log, by the product's own commands."""

import asyncio
import sys

from halles_bench.measure import Operation
from halles_bench.rest import at_rest
from halles_bench.world import World
from halles_local import environment
from halles_local.secret_files import Secrets


async def events(world: World) -> list[Operation]:
    """Every offer's state told again: outbox, Kafka, inbox and effect at order, analytics and the search index."""
    return [
        await _command(world, "event", "event through the spine, under load", service="catalog", command="republish")
    ]


async def rebuilds(world: World) -> list[Operation]:
    """The search index and the figures from the first event on, per event read."""
    return [
        await _command(
            world, "rebuild-search", "rebuild of the search index, per offer", service="catalog", command="rebuild"
        ),
        await _command(
            world, "rebuild-figures", "rebuild of the figures, per offer", service="analytics", command="rebuild"
        ),
    ]


async def _command(world: World, name: str, title: str, *, service: str, command: str) -> Operation:
    offers = (await world.databases.column("catalog", "SELECT count(*) FROM offers"))[0]
    values = environment.build(world.stack, service, Secrets(world.stack))

    async def run(_: int) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", service, command, env=values, stdout=asyncio.subprocess.DEVNULL
        )
        if await process.wait():
            raise RuntimeError(f"python -m {service} {command} failed")

    async def settle() -> None:
        await at_rest(world)

    return Operation(name=name, title=title, call=run, settle=settle, clients=1, most=1, units=offers, warm_rounds=1)
