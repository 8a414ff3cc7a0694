"""`infra-up` and `infra-down`: only the three servers, for tests and experiments, apart from the ordinary stack."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from halles_local import infrastructure, postgres, preflight, programs
from halles_local.commands import down
from halles_local.errors import StackError
from halles_local.ports import Ports
from halles_local.progress import Steps
from halles_local.secret_files import Secrets
from halles_local.stack import Stack
from halles_local.supervisor import Supervisor

PORT_OFFSET = 1000


def infra_up(stack: Stack, console: Console) -> dict[str, str]:
    """Start the servers of a stack and return their addresses under the names that tests read."""
    stack.make_folders()
    preflight.check_machine(stack)
    secrets = Secrets(stack)
    supervisor = Supervisor(stack)
    _stay_in_place(stack, supervisor)
    infrastructure.fetch_jars(stack, console)
    with ExitStack() as exits:
        steps = exits.enter_context(Steps(console))
        infrastructure.train(stack, steps)
        servers = programs.servers(stack)
        infrastructure.take_over(stack, supervisor, programs=servers, console=console)
        supervisor.start(servers)
        infrastructure.start_servers(stack, supervisor, secrets=secrets, steps=steps)
    return addresses(stack, secrets)


def _stay_in_place(stack: Stack, supervisor: Supervisor) -> None:
    """Refuse to move running servers to other ports: whoever uses them would lose them in the middle of a test."""
    file = stack.run / "port-base"
    before = file.read_text().strip() if file.exists() else ""
    if supervisor.is_running() and before not in ("", str(stack.ports.base)):
        raise StackError(
            "infra-up",
            f"the servers in {stack.home} run at ports from {before} (HALLES_PORT_BASE={int(before) - PORT_OFFSET}), "
            f"and you asked for {stack.ports.base} (HALLES_PORT_BASE={stack.ports.base - PORT_OFFSET})",
            advice="Keep the base, or stop them first by `make infra-down`, or choose another HALLES_HOME for a second set.",
        )
    file.write_text(str(stack.ports.base))


def addresses(stack: Stack, secrets: Secrets) -> dict[str, str]:
    """Return the servers' addresses as environment variables for tests."""
    return {
        "TEST_POSTGRES_URL": postgres.address(stack.ports, password=secrets.passwords["postgres"]),
        "TEST_KAFKA_BROKERS": stack.ports.address("kafka"),
        "TEST_OPENSEARCH_URL": stack.ports.url("opensearch"),
    }


def infra_down(stack: Stack, console: Console) -> None:
    """Stop the servers."""
    kept(stack).unlink(missing_ok=True)
    down.down(stack, console)


def test_stack(stack: Stack) -> Stack:
    """Return the stack of the test servers: beside the ordinary one, a thousand ports higher, not durable."""
    return replace(stack, home=stack.home / "test", ports=Ports(stack.ports.base + PORT_OFFSET), durable=False)


def kept(stack: Stack) -> Path:
    """The file that says: a person started these servers, so a test run leaves them running."""
    return stack.home / "kept"
