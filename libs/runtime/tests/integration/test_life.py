"""The life of a real process: what it says about itself, and the order in which it stops (reliability.md 7.1)."""

import asyncio
import os
import signal
from typing import Any

import aiohttp
import pytest
from spine_kit import Spine, write
from spine_process import free_port, listens, serving

from testkit import eventually

pytestmark = [pytest.mark.infra, pytest.mark.timeout(120)]


async def ask(http: aiohttp.ClientSession, path: str) -> tuple[int, Any]:
    async with http.get(path) as answer:
        text = await answer.text()
        return answer.status, await answer.json() if "json" in answer.content_type else text


async def test_it_is_alive_tells_figures_and_stops_serving_last(spine: Spine) -> None:
    port = free_port()
    async with (
        serving(spine, SPINE_PORT=str(port), SPINE_DRAIN_SECONDS="3") as process,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http,
    ):
        await eventually(lambda: listens(port), timeout=60)
        assert (await ask(http, "/livez"))[0] == 200
        await eventually(lambda: started(http), timeout=30)
        await eventually(lambda: tells_figures(http, spine.group), timeout=30)
        await eventually(lambda: joined(http), timeout=60)

        os.kill(process.pid, signal.SIGTERM)
        await eventually(lambda: drains(http), timeout=5)
        status, _ = await ask(http, "/livez")
        assert status == 200, "it serves on until load balancers have noticed"
        await write(spine, "late", 1)

        assert await asyncio.wait_for(process.wait(), 60) == 0
    assert await spine.count("outbox") == 0, "what was written while it drained was published before it left"


async def started(http: aiohttp.ClientSession) -> bool:
    return await ask(http, "/startupz") == (200, {"started": True})


async def joined(http: aiohttp.ClientSession) -> bool:
    """This service of the tests has no migrations; everything else is there."""
    return await ask(http, "/readyz") == (503, {"ready": False, "problems": ["no migration has run"]})


async def drains(http: aiohttp.ClientSession) -> bool:
    status, told = await ask(http, "/readyz")
    return status == 503 and "draining" in told["problems"]


async def tells_figures(http: aiohttp.ClientSession, group: str) -> bool:
    _, text = await ask(http, "/metrics")
    assert 'halles_database_pool_connections{pool="spine-app"}' in text
    assert f'halles_consumer_lag_seconds{{consumer="{group}",topic=' in text
    assert f'halles_parked_events{{consumer="{group}"}} 0.0' in text
    assert "halles_event_loop_lag_seconds" in text and "halles_outbox_oldest_seconds 0.0" in text
    return True
