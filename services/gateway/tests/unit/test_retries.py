"""A call whose connection broke is made again, but an upstream in trouble is not asked twice as much for that."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from gateway.refusals import UpstreamAway
from gateway.upstream.ask import Ask
from gateway.upstream.client import UpstreamClient
from gateway.upstream.deadline import Deadline
from gateway.upstream.retries import RESERVE, RetryBudget

CALLS = 40


@asynccontextmanager
async def hanging_up() -> AsyncIterator[tuple[str, list[int]]]:
    """A server that closes every connection without an answer, and the connections that it has seen."""
    seen: list[int] = []

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(1)
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", seen


async def _tried(method: str) -> int:
    async with hanging_up() as (url, seen):
        client = UpstreamClient("order", url, pool_size=4)
        await client.open()
        for _ in range(CALLS):
            with pytest.raises(UpstreamAway):
                await client.send(Ask(method=method, path="/v1/x", deadline=Deadline.after(5_000)))
        await client.close()
        return len(seen)


async def test_reads_are_repeated_within_the_budget() -> None:
    allowed = RESERVE + CALLS * 0.1

    assert CALLS + RESERVE <= await _tried("GET") <= CALLS + allowed


async def test_a_write_that_may_have_happened_is_never_repeated() -> None:
    assert await _tried("POST") == CALLS


def test_ten_calls_earn_a_retry() -> None:
    budget = RetryBudget("order")
    while budget.spend():
        pass

    for _ in range(11):
        budget.called()

    assert (budget.spend(), budget.spend()) == (True, False)
