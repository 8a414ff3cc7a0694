"""Several small servers in one event loop, stopped together by SIGTERM."""

import asyncio
import logging
import signal
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from standins.settings import SettingError

logger = logging.getLogger("standins")

AsgiApp = Callable[[Any, Any, Any], Awaitable[None]]
Hook = Callable[[], Awaitable[None]]

STOP_SECONDS = 5


@dataclass(frozen=True)
class HttpPort:
    """One HTTP port, where its number came from, and the application behind it."""

    port: int
    setting: str
    app: AsgiApp
    host: str


@dataclass(frozen=True)
class Standin:
    """A stand-in as the runner sees it: its port, and what runs beside the port."""

    name: str
    http: HttpPort
    on_start: Sequence[Hook] = field(default=())
    on_stop: Sequence[Hook] = field(default=())


class AbortableProtocol(HttpToolsProtocol):
    """HTTP protocol that lets an application cut its own connection, as a broken network would."""

    def on_message_begin(self) -> None:
        """Offer the transport's abort to the application under a key of our own."""
        super().on_message_begin()
        self.scope["standins.abort"] = self.transport.abort  # type: ignore[typeddict-unknown-key]


class _PortServer(uvicorn.Server):
    """A uvicorn server without its ticking main loop: nothing wakes up while nobody asks."""

    def __init__(self, http: HttpPort) -> None:
        config = uvicorn.Config(
            http.app,
            http=AbortableProtocol,
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            log_level="warning",
            date_header=False,
            server_header=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
        super().__init__(config)
        self._http = http

    async def open(self) -> None:
        self.config.load()
        self.lifespan = self.config.lifespan_class(self.config)
        await self.startup(sockets=[bind_port(self._http.host, self._http.port, setting=self._http.setting)])


def bind_port(host: str, port: int, *, setting: str) -> socket.socket:
    """Return a bound socket; a busy port is an error that names the port and its setting."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise SettingError(f"Port {port} of {setting} cannot be used: {error.strerror}.") from None
    bound.setblocking(False)
    return bound


async def run_standins(standins: Sequence[Standin]) -> None:
    """Serve all stand-ins until SIGTERM or SIGINT, then finish what is running and stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    servers = [_PortServer(standin.http) for standin in standins]
    for standin, server in zip(standins, servers, strict=True):
        for hook in standin.on_start:
            await hook()
        await server.open()
        logger.info("%s stand-in serves http://%s:%d", standin.name, standin.http.host, standin.http.port)
    await stop.wait()
    await asyncio.gather(*(server.shutdown() for server in servers))
    for standin in standins:
        for hook in standin.on_stop:
            await hook()
