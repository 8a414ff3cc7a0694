"""The whole market under test: servers, stand-ins, the services' processes and a proxy before each of them."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import partial

import aiohttp
from rich.console import Console

from halles_local import databases, infrastructure, leftovers, migrations, topics
from halles_local.invariants.here import sources_of
from halles_local.invariants.sources import Sources
from halles_local.ports import DATABASES, LOOPBACK, SERVICES
from halles_local.progress import Steps
from halles_local.secret_files import Secrets
from halles_local.stack import Stack
from halles_rig import servers, snapshot
from halles_rig.plan import SERVERS_BEHIND, Plan, Role, fleet
from halles_rig.process import Process
from halles_rig.proxy import Proxy

SERVER_NAMES = ("postgres", "kafka", "opensearch", "standins")


class Rig:
    """Processes and proxies by name. Everything that it starts, it ends."""

    def __init__(self, stack: Stack, console: Console) -> None:
        self.stack = stack
        self.console = console
        self.secrets = Secrets(stack)
        self.plan = Plan(stack, self.secrets)
        self.roles = {role.name: role for role in fleet()}
        self.processes: dict[str, Process] = {}
        self.proxies: dict[str, Proxy] = {}
        self._http: aiohttp.ClientSession | None = None

    # What a row reaches for.

    def process(self, name: str) -> Process:
        return self.processes[name]

    def proxy(self, name: str) -> Proxy:
        return self.proxies[name]

    def of_service(self, service: str, *roles: str) -> list[Process]:
        """Processes of a service, those of some roles when named."""
        return [
            self.processes[name]
            for name, role in self.roles.items()
            if role.service == service and (not roles or role.role in roles)
        ]

    def sources(self) -> Sources:
        return sources_of(self.stack)

    def calm(self) -> None:
        """Take every fault off every proxy."""
        for proxy in self.proxies.values():
            proxy.clear()

    async def heal(self) -> None:
        """Calm weather, no frozen process, and everything of the fleet running and ready again."""
        self.calm()
        for process in self.processes.values():
            process.thaw()
        await self.start(name for name, process in self.processes.items() if not process.is_running)
        await asyncio.gather(*(process.until_ready() for process in self.processes.values()))

    # Starting and ending.

    async def start(self, names: Iterable[str], extra: Mapping[str, str] | None = None) -> None:
        """Start processes and wait until each works."""
        chosen = [self.processes[name] for name in names]
        for process in chosen:
            process.start(extra)
        await asyncio.gather(*(process.until_ready() for process in chosen))

    def add(self, role: Role) -> Process:
        """Make a process of the fleet; requests reach it as soon as it is ready."""
        port = self.plan.process_port(role.name)
        process = Process(
            role.name,
            [sys.executable, "-m", role.service, role.role],
            self.plan.environment(role),
            log=self.stack.log(role.name),
            ready=partial(self._is_well, port),
        )
        self.roles[role.name] = role
        self.processes[role.name] = process
        if role.serves and role.service in self.proxies and port not in self.proxies[role.service].backends:
            self.proxies[role.service].backends.append(port)
        return process

    async def remove(self, name: str) -> float:
        """Stop a process for good; returns the seconds that it took."""
        role, process = self.roles[name], self.processes[name]
        seconds = await process.stop()
        if role.serves:
            self.proxies[role.service].backends.remove(self.plan.process_port(name))
        del self.roles[name], self.processes[name]
        return seconds

    async def _is_well(self, port: int) -> bool:
        if self._http is None:
            raise RuntimeError("the rig is not open")
        try:
            async with self._http.get(f"http://{LOOPBACK}:{port}/readyz") as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Proxies and our own HTTP client; at the end every process is ended."""
        timeout = aiohttp.ClientTimeout(total=3)
        async with aiohttp.ClientSession(timeout=timeout) as self._http:
            try:
                await self._open_proxies()
                yield
            finally:
                await self.end()

    async def end(self) -> None:
        """End services first, then stand-ins and servers, then the proxies and whatever is left."""
        self.calm()
        services = [process for name, process in self.processes.items() if name not in SERVER_NAMES]
        await asyncio.gather(*(process.end() for process in services))
        others = [process for name, process in self.processes.items() if name in SERVER_NAMES]
        await asyncio.gather(*(process.end() for process in others))
        await asyncio.gather(*(proxy.close() for proxy in self.proxies.values()))
        await asyncio.to_thread(leftovers.end_all, self.stack)

    async def _open_proxies(self) -> None:
        ports = self.stack.ports
        plan = self.plan
        proxies = [Proxy(f"db-{name}", plan.proxy_port(f"db-{name}"), [ports.of("postgres")]) for name in DATABASES]
        proxies += [Proxy(name, plan.proxy_port(name), [ports.of(name)]) for name in SERVERS_BEHIND]
        proxies += [
            Proxy(name, plan.proxy_port(name), self._backends(name), health="/readyz")
            for name in SERVICES
            if name != "web"
        ]
        self.proxies = {proxy.name: proxy for proxy in proxies}
        await asyncio.gather(*(proxy.open() for proxy in proxies))

    def _backends(self, service: str) -> list[int]:
        return [
            self.plan.process_port(role.name) for role in self.roles.values() if role.service == service and role.serves
        ]

    async def boot(self) -> None:
        """Servers, databases, topics, processes: from the snapshot when there is one."""
        await asyncio.to_thread(self._prepare)
        self.processes = servers.processes(self.plan, self.secrets)
        for role in tuple(self.roles.values()):
            self.add(role)
        await self.boot_servers()
        await self.start(name for name in self.processes if name not in SERVER_NAMES)

    async def boot_servers(self) -> None:
        await self.start(SERVER_NAMES)
        await asyncio.to_thread(self._prepare_data)

    def _prepare(self) -> None:
        snapshot.restore(self.stack)
        self.stack.make_folders()
        self.secrets.create_missing()
        infrastructure.fetch_jars(self.stack, self.console)
        with Steps(self.console) as steps:
            infrastructure.train(self.stack, steps)
        servers.prepare(self.plan, self.secrets)

    def _prepare_data(self) -> None:
        new = databases.create_missing(self.stack, self.secrets)
        topics.create_missing(self.stack.ports.address("kafka"))
        migrations.apply(self.stack, migrations.pending(self.stack, new_databases=new), self.secrets)
