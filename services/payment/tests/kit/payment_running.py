"""A payment service that runs in this event loop: its loops, and its webhook port."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn

from runtime.run import Service, opened
from testkit import eventually


@asynccontextmanager
async def running(service: Service, *, with_webhooks: bool = True) -> AsyncIterator[None]:
    """Run the service's loops and its webhook port until the block ends."""
    async with opened(service):
        tasks = [asyncio.create_task(loop.run()) for loop in service.loops]
        async with _listening(service) if with_webhooks else _nothing():
            yield
        for loop in service.loops:
            loop.stop()
        await asyncio.gather(*tasks)


@asynccontextmanager
async def _nothing() -> AsyncIterator[None]:
    yield


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Any:
        yield


@asynccontextmanager
async def _listening(service: Service) -> AsyncIterator[None]:
    config = uvicorn.Config(service.api, port=service.settings.port, log_config=None, lifespan="off", access_log=False)
    server = _Server(config)
    task = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    yield
    server.should_exit = True
    await task
