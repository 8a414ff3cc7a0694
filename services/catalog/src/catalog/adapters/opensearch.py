"""One client of the search engine, and the translation of its failures."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from opensearchpy import AsyncOpenSearch
from opensearchpy.exceptions import ConnectionError as EngineAway
from opensearchpy.exceptions import TransportError

from edge.errors import AppError, Unavailable

_OVERLOADED = 429


class EngineConnection:
    """The client as a resource of the service. It connects when first used and does not retry: callers decide."""

    def __init__(self, url: str, *, timeout_seconds: float) -> None:
        # The library logs each failed call with a stack trace; callers say in one line what follows from it.
        logging.getLogger("opensearch").setLevel(logging.ERROR)
        self.engine = AsyncOpenSearch(hosts=[url], timeout=timeout_seconds, max_retries=0, retry_on_timeout=False)

    async def open(self) -> None:
        """Nothing to wait for: the service starts while the engine is away."""

    async def close(self) -> None:
        await self.engine.close()


@asynccontextmanager
async def away_as(error: type[AppError] = Unavailable) -> AsyncIterator[None]:
    """Raise ``error`` when the engine cannot be reached, is too slow, or has no room; other failures pass through."""
    try:
        yield
    except EngineAway as problem:
        raise error("The search engine cannot be reached. Try again in a moment.") from problem
    except TransportError as problem:
        if is_away(problem.status_code):
            raise error("The search engine is overloaded or starting. Try again in a moment.") from problem
        raise


def is_away(status: int | str) -> bool:
    """True for answers that a later try may change."""
    return isinstance(status, int) and (status == _OVERLOADED or status >= 500)
