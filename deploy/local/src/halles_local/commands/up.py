"""`up`: from nothing, or from any half-started state, to a working market."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from rich.console import Console

from halles_local import (
    databases,
    environment,
    infrastructure,
    kafka_access,
    migrations,
    preflight,
    programs,
    readiness,
    topics,
)
from halles_local.commands import content, summary
from halles_local.ports import SERVERS
from halles_local.progress import Steps
from halles_local.secret_files import Secrets
from halles_local.stack import Stack
from halles_local.supervisor import Supervisor

READY_SECONDS = 180


def up(stack: Stack, console: Console) -> None:
    """Start everything that does not run, and wait until it works; running it again changes nothing."""
    stack.make_folders()
    preflight.check_machine(stack)
    environment.write_overrides_header(stack)
    secrets = Secrets(stack)
    secrets.create_missing()
    supervisor = Supervisor(stack)
    infrastructure.fetch_jars(stack, console)
    with Steps(console) as steps:
        infrastructure.train(stack, steps)
        wanted = (*programs.servers(stack), *programs.standins(stack, secrets), *programs.services(stack, secrets))
        infrastructure.take_over(stack, supervisor, programs=wanted, console=console)
        supervisor.start(wanted)
        _start(stack, supervisor, secrets=secrets, steps=steps)
    content.seed_once(stack, console)
    summary.show(stack, console)


def _start(stack: Stack, supervisor: Supervisor, *, secrets: Secrets, steps: Steps) -> None:
    """Start everything; OpenSearch, the slowest and needed by nobody at start, beside the rest."""
    servers = partial(infrastructure.start_servers, stack, supervisor, secrets=secrets, steps=steps)
    with ThreadPoolExecutor(1) as pool:
        search = pool.submit(servers, names=["opensearch"])
        servers(names=["postgres", "kafka"])
        _prepare_data(stack, secrets, steps)
        _start_processes(stack, supervisor, steps=steps)
        search.result()


def _prepare_data(stack: Stack, secrets: Secrets, steps: Steps) -> None:
    with steps.step("databases and topics"):
        new = databases.create_missing(stack, secrets)
        topics.create_missing(kafka_access.brokers(stack, secrets))
        kafka_access.apply(stack, secrets)
    pending = migrations.pending(stack, new_databases=new)
    if pending:
        with steps.step(f"migrations of {', '.join(pending)}"):
            migrations.apply(stack, pending, secrets)


def _start_processes(stack: Stack, supervisor: Supervisor, *, steps: Steps) -> None:
    def start(name: str) -> None:
        with steps.step(name):
            check = partial(readiness.check, stack.ports, name)
            infrastructure.start_and_wait(supervisor, name, check, seconds=READY_SECONDS)

    infrastructure.in_parallel(start, [state.name for state in supervisor.states() if state.name not in SERVERS])
