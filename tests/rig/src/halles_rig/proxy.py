"""A TCP proxy that can delay, stall, drop, reset, throttle and cut; before several backends it balances by their health."""

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

import aiohttp

from halles_local.ports import LOOPBACK

Direction = Literal["up", "down"]
BOTH: frozenset[Direction] = frozenset({"up", "down"})
NONE: frozenset[Direction] = frozenset()
_CHUNK = 65536
_HEALTH_SECONDS = 0.3


@dataclass
class Weather:
    """What happens to bytes on their way: ``up`` is towards the backend. Seconds, bytes a second."""

    delay: float = 0.0
    stalled: frozenset[Direction] = NONE
    dropped: frozenset[Direction] = NONE
    rate: float | None = None
    refusing: bool = False


@dataclass(eq=False)
class Link:
    """One connection through the proxy."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    is_cut: bool = False
    """Set by a cutter: the next answer of the server is swallowed and both ends are reset."""

    def reset(self) -> None:
        for writer in (self.client, self.server):
            _reset(writer)


Cutter = Callable[[bytes], bool]


@dataclass
class Proxy:
    """Listens on ``port`` and forwards to one of ``backends``; ``health`` is the path that says whether one takes work."""

    name: str
    port: int
    backends: list[int]
    health: str | None = None
    weather: Weather = field(default_factory=Weather)
    cutter: Cutter | None = None
    cuts: int = 0
    _links: set[Link] = field(default_factory=set)
    _sick: set[int] = field(default_factory=set)
    _turn: "count[int]" = field(default_factory=count)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _server: asyncio.Server | None = None
    _watch: asyncio.Task[None] | None = None

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._accept, LOOPBACK, self.port, backlog=512)
        if self.health:
            self._watch = asyncio.create_task(self._watch_health(self.health))

    async def close(self) -> None:
        if self._watch:
            self._watch.cancel()
        if self._server:
            self._server.close()
        self.reset()

    def set(self, weather: Weather) -> None:
        """Change what happens from now on, to connections that exist too."""
        self.weather = weather
        self._changed.set()
        self._changed = asyncio.Event()

    def clear(self) -> None:
        self.cutter = None
        self.set(Weather())

    def reset(self) -> None:
        """Break every connection with a RST."""
        for link in tuple(self._links):
            link.reset()

    def refuse(self) -> None:
        """As if nothing listened: break what is there and every new connection."""
        self.set(Weather(refusing=True))
        self.reset()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        backend = None if self.weather.refusing else await self._connect()
        if backend is None:
            _reset(writer)
            return
        link = Link(writer, backend[1])
        self._links.add(link)
        if self.weather.refusing:
            link.reset()
        up = asyncio.create_task(self._pump(link, reader, backend[1], "up"))
        try:
            await self._pump(link, backend[0], writer, "down")
            await up
        finally:
            up.cancel()
            self._links.discard(link)
            for side in (writer, backend[1]):
                side.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        healthy = [port for port in self.backends if port not in self._sick] or list(self.backends)
        first = next(self._turn)
        for n in range(len(healthy)):
            with suppress(OSError):
                return await asyncio.open_connection(LOOPBACK, healthy[(first + n) % len(healthy)])
        return None

    async def _pump(
        self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Direction
    ) -> None:
        try:
            while data := await reader.read(_CHUNK):
                await self._travel(len(data), way)
                if way in self.weather.dropped:
                    continue
                if self._is_cut(link, data, way):
                    link.reset()
                    return
                writer.write(data)
                await writer.drain()
            if writer.can_write_eof():
                writer.write_eof()
        except (OSError, RuntimeError):  # uvloop says RuntimeError of a connection that was reset meanwhile
            link.reset()

    async def _travel(self, size: int, way: Direction) -> None:
        while way in self.weather.stalled:
            await self._changed.wait()
        if self.weather.delay:
            await asyncio.sleep(self.weather.delay)
        if self.weather.rate:
            await asyncio.sleep(size / self.weather.rate)

    def _is_cut(self, link: Link, data: bytes, way: Direction) -> bool:
        """The cutter chooses a request; it reaches the server, and the answer never comes back."""
        if way == "down":
            return link.is_cut
        if self.cutter is not None and not link.is_cut and self.cutter(data):
            link.is_cut = True
            self.cuts += 1
        return False

    async def _watch_health(self, path: str) -> None:
        timeout = aiohttp.ClientTimeout(total=2)
        async with aiohttp.ClientSession(timeout=timeout) as http:
            while True:
                if len(self.backends) > 1:
                    await asyncio.gather(*(self._look(http, port, path) for port in self.backends))
                await asyncio.sleep(_HEALTH_SECONDS)

    async def _look(self, http: aiohttp.ClientSession, port: int, path: str) -> None:
        try:
            async with http.get(f"http://{LOOPBACK}:{port}{path}") as answer:
                is_well = answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            is_well = False
        (self._sick.discard if is_well else self._sick.add)(port)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with a RST, whatever is still on its way."""
    with suppress(OSError, AttributeError, ValueError):
        plug = writer.get_extra_info("socket")
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
