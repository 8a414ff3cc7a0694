"""Projections are built anew from the log while the market is used: no gap before, during or after."""

import asyncio
import os
import sys
from typing import Any

import pytest
from e2e_kit import World, ask

from halles_local.client.patience import until
from runtime.loops import Loop

pytestmark = [pytest.mark.stack, pytest.mark.timeout(180)]


async def run_inside(world: World, service: str, *arguments: str) -> str:
    """``make run``: a command of a service; it must end with 0."""
    stack = world.place.stack
    address = {"HALLES_HOME": str(stack.home), "HALLES_PORT_BASE": str(stack.ports.base)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "halles_local", "run", service, *arguments,
        env={**os.environ, **address}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    told, _ = await process.communicate()
    assert process.returncode == 0, told.decode()[-4000:]
    return told.decode()


async def test_the_search_index_is_rebuilt_while_people_search_and_sellers_sell(world: World) -> None:
    visitor, bad = world.place.visitor(), []
    searches = 0

    async def search() -> bool:
        nonlocal searches
        reply = await ask(visitor, "GET", f"/v1/search?q=miel&lang=fr&page={searches % 2 + 1}")
        searches += 1
        if reply.status != 200 or reply.body["total"] == 0:
            bad.append((reply.status, reply.body))
        return False

    searching = Loop("searching", search, seconds=0.05)
    task = asyncio.create_task(searching.run())
    rebuilding = asyncio.create_task(run_inside(world, "catalog", "rebuild"))
    made = [await world.offer(world.shops[number], stock=3, title="Nouveauté") for number in range(3)]
    await rebuilding
    searching.stop()
    await task

    assert searches > 10
    assert bad == []
    found = await _found(world, "nouveauté", at_least=len(made))
    assert found["total"] >= len(made)
    await world.at_rest()


async def test_the_figures_are_the_same_after_a_rebuild_under_load(world: World) -> None:
    offer_id = await world.offer(world.shops[4], stock=20)
    (buyer,) = await world.buyers(1)
    await world.order(buyer, {offer_id: 1})
    await world.at_rest()
    before = await world.operator.get("/v1/operator/sales?group_by=seller")

    rebuilding = asyncio.create_task(run_inside(world, "analytics", "rebuild"))
    placed = [await world.order(buyer, {offer_id: 1}) for _ in range(3)]
    await rebuilding
    await world.at_rest()

    after = await world.operator.get("/v1/operator/sales?group_by=seller")
    assert [order["status"] for order in placed] == ["confirmed"] * 3
    grown = sum(order["total"]["amount"] for order in placed)
    assert _gross(after) == _gross(before) + grown
    unchanged = {row["key"]: row for row in before["items"] if row["key"] != world.shops[4].seller_id}
    assert {row["key"]: row for row in after["items"] if row["key"] in unchanged} == unchanged


def _gross(report: dict[str, Any]) -> int:
    return sum(row["gross"]["amount"] for row in report["totals"])


async def _found(world: World, words: str, *, at_least: int) -> dict[str, Any]:
    async def look() -> dict[str, Any] | None:
        answer = await world.place.visitor().get(f"/v1/search?q={words}&lang=fr")
        return dict(answer) if answer["total"] >= at_least else None

    return await until("the new products are found", look)
