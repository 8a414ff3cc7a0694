"""PostgreSQL and Kafka of the test's own, under a supervisor that starts again what dies: for tests that kill them."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from halles_local import infrastructure, kafka, postgres, preflight, programs
from halles_local.errors import StackError
from halles_local.ports import Ports
from halles_local.progress import Steps
from halles_local.secret_files import Secrets
from halles_local.stack import Stack
from halles_local.supervisor import Supervisor

LISTENERS = ("postgres", "kafka", "kafka-controller")


class OwnServers:
    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._supervisor = Supervisor(stack)
        self._password = Secrets(stack).passwords["postgres"]
        self.postgres = postgres.address(stack.ports, password=self._password)
        self.kafka = stack.ports.address("kafka")

    def start(self) -> None:
        self._supervisor.start(programs.servers(self._stack)[:2])
        postgres.prepare(self._stack, password=self._password)
        kafka.prepare(self._stack)
        self.up("postgres")
        self.up("kafka")

    def up(self, name: str) -> None:
        """Start a server unless it runs, and wait until it works."""
        ready = {
            "postgres": lambda: postgres.check_ready(self.postgres),
            "kafka": lambda: kafka.check_ready(self._stack.ports),
        }
        infrastructure.start_and_wait(self._supervisor, name, ready[name], seconds=90)

    def down(self, name: str) -> None:
        """Stop a server in the clean way."""
        self._supervisor.stop_process(name)

    def kill(self, name: str) -> None:
        """SIGKILL; the supervisor starts it again."""
        os.kill(self._pid(name), signal.SIGKILL)

    @contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """SIGSTOP inside the block: connections stay open and nothing answers."""
        pid = self._pid(name)
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def end(self) -> None:
        if self._supervisor.is_running():
            self._supervisor.stop_group("servers")
            self._supervisor.shut_down()

    def _pid(self, name: str) -> int:
        pid = self._supervisor.state(name).pid
        assert pid is not None
        return pid


@contextmanager
def own_servers(home: Path) -> Iterator[OwnServers]:
    ordinary = Stack.from_environment()
    stack = replace(ordinary, home=home, ports=Ports(_free_base()), durable=False)
    stack.make_folders()
    Secrets(stack).create_missing()
    console = Console(stderr=True)
    infrastructure.fetch_jars(stack, console)
    with Steps(console) as steps:
        infrastructure.train(stack, steps)
    servers = OwnServers(stack)
    try:
        servers.start()
        yield servers
    finally:
        servers.end()


def _free_base() -> int:
    """Ports that nobody has; test processes that ask at the same time begin at different places."""
    for attempt in range(300):
        base = 21_600 + (os.getpid() * 7 + attempt) % 300 * 100
        try:
            preflight.check_ports(Ports(base), LISTENERS)
        except StackError:
            continue
        return base
    raise RuntimeError("no free ports")
