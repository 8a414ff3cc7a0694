"""The proxy does to bytes what a row asks of it; over real sockets."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from halles_local.ports import LOOPBACK
from halles_local.preflight import free_base
from halles_rig.proxy import Proxy, Weather


@asynccontextmanager
async def echo() -> AsyncIterator[int]:
    """A server that answers what it hears; its port."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1000):
            writer.write(data)
        writer.close()

    server = await asyncio.start_server(answer, LOOPBACK, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@asynccontextmanager
async def proxied(*backends: int) -> AsyncIterator[Proxy]:
    proxy = Proxy("test", free_base(["web"]), list(backends))
    await proxy.open()
    try:
        yield proxy
    finally:
        await proxy.close()


async def say(proxy: Proxy, text: bytes = b"hello") -> bytes:
    """What comes back over a fresh connection within a second."""
    reader, writer = await asyncio.open_connection(LOOPBACK, proxy.port)
    try:
        writer.write(text)
        return await asyncio.wait_for(reader.read(1000), 1.0)
    finally:
        writer.close()


async def test_bytes_pass_and_arrive_late_when_delayed() -> None:
    async with echo() as port, proxied(port) as proxy:
        assert await say(proxy) == b"hello"

        proxy.set(Weather(delay=0.1))
        started = time.monotonic()
        assert await say(proxy) == b"hello"
        assert time.monotonic() - started >= 0.2


@pytest.mark.parametrize(
    "weather",
    [Weather(stalled=frozenset({"down"})), Weather(stalled=frozenset({"up"})), Weather(dropped=frozenset({"up"}))],
)
async def test_nothing_comes_back_while_stalled_or_dropped(weather: Weather) -> None:
    async with echo() as port, proxied(port) as proxy:
        proxy.set(weather)

        with pytest.raises(TimeoutError):
            await say(proxy)


async def test_a_stalled_answer_comes_when_the_weather_clears() -> None:
    async with echo() as port, proxied(port) as proxy:
        proxy.set(Weather(stalled=frozenset({"up"})))
        asked = asyncio.create_task(say(proxy))
        asyncio.get_running_loop().call_later(0.2, proxy.clear)

        assert await asked == b"hello"


async def test_refused_connections_are_reset() -> None:
    async with echo() as port, proxied(port) as proxy:
        proxy.refuse()

        with pytest.raises(ConnectionError):
            assert await say(proxy) != b""
            raise ConnectionResetError  # an end without data is as good as a reset


async def test_a_cut_request_reaches_the_server_but_its_answer_does_not_come_back() -> None:
    async with echo() as port, proxied(port) as proxy:
        proxy.cutter = lambda data: b"COMMIT" in data

        assert await say(proxy) == b"hello"
        with pytest.raises(ConnectionError):
            await say(proxy, b"COMMIT")
        assert proxy.cuts == 1


async def test_a_dead_backend_is_left_out() -> None:
    async with echo() as port, proxied(1, port) as proxy:
        assert [await say(proxy) for _ in range(4)] == [b"hello"] * 4
