"""A whole market: the one that runs at HALLES_HOME, or one that is started for these tests and ended after them."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from e2e_kit import World, assemble
from rich.console import Console

from halles_local.client.session import market
from halles_local.commands.down import down
from halles_local.commands.up import up
from halles_local.stack import Stack
from halles_local.supervisor import Supervisor


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    here = Stack.from_environment()
    if Supervisor(here).is_running():
        yield here
        return
    console = Console(stderr=True)
    up(here, console)
    yield here
    down(here, console)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(stack: Stack) -> AsyncIterator[World]:
    async with market(stack) as place:
        yield await assemble(place)
