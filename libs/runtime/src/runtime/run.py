"""Starts and stops a service: ``python -m <service> serve | api | worker | relay | migrate | …``.

``serve`` runs api, worker and relay in one event loop; operators run them apart to scale one alone. Stop sequence on SIGTERM
(reliability.md 7.1): not ready, keep serving ``drain_seconds``, finish requests, finish the batch in hand and leave the
groups, finish loops, publish what is left, close.
"""

import argparse
import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import structlog
import uvicorn
import uvloop
from psycopg.errors import UndefinedTable
from starlette.types import ASGIApp

from chassis.db import Database
from chassis.failures import DATABASE_AWAY
from chassis.metrics import LOOP_LAG
from chassis.relay import Relay
from chassis.settings import ProcessSettings, ServiceSettings
from chassis.worker import Worker
from edge.http import Check, Health
from runtime import log
from runtime.figures import SECONDS as FIGURES_SECONDS
from runtime.figures import Figures
from runtime.loops import Loop
from runtime.retention import SECONDS as RETENTION_SECONDS
from runtime.retention import Retention
from runtime.revisions import lacking

logger = structlog.get_logger()
_STOP_SECONDS = 25
_ALONE_SECONDS = 0.1
_LIFE_SECONDS = 15.0
_IDLE_SECONDS = 75
"""Longer than our clients keep idle connections (20 and 30 s): they let go first, so a write never meets a closed one."""


class Resource(Protocol):
    async def open(self) -> None: ...
    async def close(self) -> None: ...


@dataclass(kw_only=True)
class Service:
    """Everything that a service is made of; ``app.py`` names each piece."""

    name: str
    settings: ProcessSettings
    api: ASGIApp
    health: Health | None = None
    """Taken from the api when that is a FastAPI app of ``create_api``."""
    db: Database | None = None
    subscriptions: Sequence[Any] = ()
    loops: Sequence[Loop] = ()
    resources: Sequence[Resource] = ()
    commands: dict[str, Callable[["Service", Sequence[str]], Any]] = field(default_factory=dict)
    """Commands of this service alone: coroutine functions that get the service, opened, and their arguments."""


def main(
    name: str,
    settings: Callable[[], ProcessSettings],
    build: Callable[[Any], Service],
    argv: Sequence[str] | None = None,
) -> None:
    """Entry point of ``__main__.py``. Settings that are missing or wrong stop the start with a message for each."""
    parser = argparse.ArgumentParser(prog=f"python -m {name}")
    parser.add_argument(
        "command",
        help="serve | api | worker | relay | migrate | revision | dlq | parked | outbox | openapi | a command of the service",
    )
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args(argv)
    configured = settings()
    log.configure(name, configured.log_level)
    if options.command in ("serve", "api", "worker", "relay"):
        _in_loop(run(build(configured), options.command))
        return
    from runtime import commands  # noqa: PLC0415 - spares serving processes the memory of alembic

    if options.command in ("migrate", "revision"):
        commands.migrate(name, configured, options.command, options.arguments)
    else:
        _in_loop(commands.run(build(configured), options.command, options.arguments))


def _in_loop(work: Any) -> None:
    with asyncio.Runner(loop_factory=_new_loop) as runner:
        runner.run(work)


async def run(service: Service, role: str) -> None:
    """Run until SIGTERM or SIGINT. Every role serves health and metrics on the service's port."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with _traced(service), opened(service):
        parts, health = _Parts(service, role), _health(service)
        health.checks += parts.checks
        health.living += parts.living
        server = asyncio.create_task(parts.server.serve())
        await parts.start()
        health.started = True
        logger.info("service.started", role=role, port=service.settings.port)
        stuck = asyncio.create_task(_stuck(health))
        await asyncio.wait([server, stuck, asyncio.create_task(stopping.wait())], return_when=asyncio.FIRST_COMPLETED)
        health.draining = True
        await asyncio.sleep(0 if server.done() else service.settings.drain_seconds)
        parts.server.leave()
        await server
        await parts.stop()
    logger.info("service.stopped", role=role)
    if stuck.done():
        raise SystemExit(1)


async def _stuck(health: Health) -> None:
    """Ends when this process cannot go on by itself: whoever runs it starts it again, also where nobody asks /livez."""
    problems: list[str] = []
    while not problems:
        await asyncio.sleep(_LIFE_SECONDS)
        problems = [problem for check in health.living if (problem := await check())]
    logger.critical("service.stuck", problems=problems)


def _health(service: Service) -> Health:
    state: Any = getattr(service.api, "state", None)
    return service.health or cast(Health, state.health)


@contextlib.asynccontextmanager
async def opened(service: Service) -> Any:
    """Database and resources of a service, open inside the block."""
    holders: list[Resource] = [*([service.db] if service.db else []), *service.resources]
    async with contextlib.AsyncExitStack() as stack:
        for holder in holders:
            await holder.open()
            stack.push_async_callback(holder.close)
        yield


@contextlib.asynccontextmanager
async def _traced(service: Service) -> AsyncIterator[None]:
    """Spans of this process, when an address for them is set; what is left of them goes out at the end."""
    if service.settings.otlp_endpoint is None:
        yield
        return
    from runtime.telemetry import Telemetry  # noqa: PLC0415 - the SDK is imported only where it is used

    telemetry = Telemetry(service.name, ratio=service.settings.trace_ratio)
    yield
    await telemetry.stop()


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling (the order of stopping is ours) and without its ten wake-ups a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._left = asyncio.Event()

    def leave(self) -> None:
        """Finish requests in hand and end."""
        self.should_exit = True
        self._left.set()

    async def main_loop(self) -> None:
        """Once a second is enough for the Date header; ten times cost 0.14 % of a core per process at rest."""
        while not await self.on_tick(0):
            slept = time.monotonic()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._left.wait(), 1.0)
            LOOP_LAG.set(max(0.0, time.monotonic() - slept - 1.0))

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Parts:
    """What runs in one process of a service."""

    def __init__(self, service: Service, role: str) -> None:
        settings, db = service.settings, service.db
        self.server = _Server(
            uvicorn.Config(
                service.api if role in ("serve", "api") else _technical_only(service.api),
                host=settings.host,
                port=settings.port,
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=_IDLE_SECONDS,
                timeout_graceful_shutdown=_STOP_SECONDS,
            )
        )
        self.checks: list[Check] = [_database_check(service.name, db)] if db is not None else []
        self.living: list[Check] = []
        self._worker: Worker | None = None
        self._loops: list[Loop] = []
        self._relay: Relay | None = None
        if role in ("serve", "worker"):
            self._loops += service.loops
            if db is not None:
                self._loops.append(Loop("retention", Retention(db).sweep, seconds=RETENTION_SECONDS))
            if db is not None and service.subscriptions:
                instance = settings.worker_instance if isinstance(settings, ServiceSettings) else None
                self._worker = Worker(
                    db, service.subscriptions, brokers=settings.kafka_brokers, name=service.name, instance=instance
                )
                self.checks.append(self._worker.check)
                self.living.append(self._worker.alive)
        if db is not None and role != "api":
            told = Figures(db, tuple(one.group for one in service.subscriptions))
            self._loops.append(Loop("figures", told.tell, seconds=FIGURES_SECONDS))
        if role in ("serve", "relay") and db is not None and isinstance(settings, ServiceSettings):
            self._relay = Relay(db, service=service.name, brokers=settings.kafka_brokers)
            self._loops.append(_relay_loop(self._relay, db, settings, role))
        self._tasks: list[asyncio.Task[None]] = []
        self._joining: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._tasks = [asyncio.create_task(loop.run(), name=loop.name) for loop in self._loops]
        if self._worker is not None:
            self._joining = asyncio.create_task(self._worker.start(), name="consumers")

    async def stop(self) -> None:
        if self._worker is not None and self._joining is not None:
            self._joining.cancel()
            await self._worker.stop()
        for loop in self._loops:
            loop.stop()
        await asyncio.wait_for(asyncio.gather(*self._tasks, return_exceptions=True), _STOP_SECONDS)
        if self._relay is not None:
            try:
                await asyncio.wait_for(self._relay.run_once(), 5)
            except Exception as error:
                logger.warning("relay.left_events", error=repr(error))
            await self._relay.close()


def _relay_loop(relay: Relay, db: Database, settings: ServiceSettings, role: str) -> Loop:
    """Woken by the commits of its own process; alone in a process it has to look often."""
    seconds = settings.relay_poll_seconds if role == "serve" else min(settings.relay_poll_seconds, _ALONE_SECONDS)
    loop = Loop("relay", relay.run_once, seconds=seconds)

    def committed() -> None:
        relay.expect()
        loop.wake()

    db.committed = committed
    return loop


def _database_check(package: str, db: Database) -> Check:
    async def check() -> str | None:
        try:
            async with db.reading() as tx:
                row = await tx.row("SELECT version_num FROM alembic_version")
                return lacking(package, row["version_num"] if row else None)
        except DATABASE_AWAY as error:
            return f"database: {error}"
        except UndefinedTable:
            return "no migration has run"

    return check


def _technical_only(api: ASGIApp) -> ASGIApp:
    """Workers and relays answer for their health, not for the service's routes."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] not in ("/livez", "/readyz", "/startupz", "/metrics"):
            scope = {**scope, "path": "/not-here", "raw_path": b"/not-here"}
        await api(scope, receive, send)

    return app


def _new_loop() -> asyncio.AbstractEventLoop:
    return uvloop.new_event_loop()
