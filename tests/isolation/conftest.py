"""The matrix runs on one whole market, with one story in it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from e2e_kit import World
from internal_tokens import Document, document_of
from market_fixtures import stack, world
from story import Story, told

from halles_local.ports import DATABASES
from halles_local.stack import Stack

__all__ = ["stack", "world"]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def story(world: World) -> AsyncIterator[Story]:
    yield await told(world)


@pytest.fixture(scope="session")
def documents(stack: Stack) -> dict[str, Document]:
    return {name: document_of(name, stack) for name in ("gateway", *DATABASES)}
