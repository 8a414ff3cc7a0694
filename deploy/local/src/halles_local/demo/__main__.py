"""``python -m halles_local.demo``: exit code 0 only if every figure adds up."""

import asyncio
import sys

from rich.console import Console

from halles_local.client.api import Refused
from halles_local.client.patience import TooLong
from halles_local.client.session import market
from halles_local.demo.cast import assemble
from halles_local.demo.figures import Figures
from halles_local.demo.journey import Journey
from halles_local.demo.narrator import Narrator
from halles_local.stack import Stack


async def main() -> int:
    console = Console(width=140 if not sys.stdout.isatty() else None)
    async with market(Stack.from_environment()) as place:
        cast = await assemble(place)
        narrator = Narrator(console, cast.operator)
        await Journey(place, cast, narrator).play()
        figures = Figures(console)
        await figures.check(place, cast)
        return figures.conclude()


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(main()))
    except (Refused, TooLong) as error:
        sys.exit(f"The journey broke off: {error}")
