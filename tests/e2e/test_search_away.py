"""Without the search engine: a clear answer for searches, everything else as ever; back by itself when it is back."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from e2e_kit import World, ask

from halles_local.client.patience import until
from halles_local.supervisor import Supervisor

pytestmark = [pytest.mark.stack, pytest.mark.timeout(180)]


@pytest_asyncio.fixture(loop_scope="session")
async def without_engine(world: World) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(world.place.stack)
    await asyncio.to_thread(supervisor.stop_process, "opensearch")
    try:
        yield supervisor
    finally:
        await asyncio.to_thread(supervisor.start_process, "opensearch")
        await until("search is back", lambda: searched(world, "miel"), seconds=90)


async def searched(world: World, words: str) -> bool | None:
    reply = await ask(world.place.visitor(), "GET", f"/v1/search?q={words}&lang=fr")
    return (reply.status == 200 and reply.body["total"] > 0) or None


async def test_searches_say_so_and_everything_else_works(world: World, without_engine: Supervisor) -> None:
    visitor = world.place.visitor()

    for path in ("/v1/search?q=miel+de+lavande&lang=fr", "/v1/suggestions?q=mie&lang=fr"):
        reply = await ask(visitor, "GET", path)
        assert (reply.status, reply.code) == (503, "search-unavailable")
        assert int(reply.headers["retry-after"]) > 0

    assert (await visitor.get("/v1/products"))["items"]
    offer_id = await world.offer(world.shops[3], stock=2, title="Introuvable")
    (buyer,) = await world.buyers(1)
    assert (await world.order(buyer, {offer_id: 1}))["status"] == "confirmed"

    await asyncio.to_thread(without_engine.start_process, "opensearch")
    await until("what was made meanwhile is found", lambda: searched(world, "introuvable"), seconds=90)
    await world.at_rest()
