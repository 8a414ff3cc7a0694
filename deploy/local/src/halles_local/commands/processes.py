"""`logs`, `restart` and `env`: look at one process and act on it."""

import os
import shlex
import shutil
import sys
from collections.abc import Callable, Sequence
from functools import partial

from rich.console import Console

from halles_local import environment, kafka_access, readiness
from halles_local.errors import StackError
from halles_local.ports import DATABASES, SERVERS, SERVICES
from halles_local.progress import Steps
from halles_local.secret_files import Secrets
from halles_local.stack import Stack
from halles_local.supervisor import Supervisor
from halles_local.waiting import NotReady, wait_until

READY_SECONDS = 60


def follow_log(stack: Stack, name: str, *, lines: int) -> None:
    """Replace this process by `tail`; it follows the log when a person is watching."""
    file = stack.log(name)
    if not file.exists():
        known = ", ".join(sorted(path.stem for path in stack.logs.glob("*.log"))) or "none yet"
        raise StackError(name, f"has no log at {file}", advice=f"Logs of this stack: {known}.")
    follow = ["-F"] if sys.stdout.isatty() else []
    tail = shutil.which("tail") or "/usr/bin/tail"
    os.execv(tail, ["tail", "-n", str(lines), *follow, str(file)])  # noqa: S606 - the viewer takes over


def restart(stack: Stack, name: str, console: Console) -> None:
    """Stop and start one process; it then runs the code and the settings of now."""
    supervisor = Supervisor(stack)
    if not supervisor.is_running():
        raise StackError("supervisor", "the stack is not running", advice="`make up` starts it.")
    with Steps(console) as steps, steps.step(f"restarting {name}"):
        supervisor.stop_process(name)
        supervisor.start_process(name)
        try:
            wait_until(_check(stack, supervisor, name), seconds=READY_SECONDS, alive=supervisor.watch(name))
        except NotReady as error:
            raise supervisor.failure(name, f"was not ready after {READY_SECONDS} s: {error}") from error


def _check(stack: Stack, supervisor: Supervisor, name: str) -> Callable[[], None]:
    if name not in SERVERS:
        return partial(readiness.check, stack.ports, name)

    def check() -> None:
        if supervisor.state(name).state != "RUNNING":
            raise NotReady(f"{name} is still starting")

    return check


def run_inside(stack: Stack, name: str, arguments: Sequence[str]) -> None:
    """Replace this process by `python -m <service> ARGUMENTS` with the service's environment."""
    values = _environment(stack, name)
    os.execve(sys.executable, [sys.executable, "-m", name, *arguments], values)  # noqa: S606 - the service takes over


def run_halles(stack: Stack, arguments: Sequence[str]) -> None:
    """Replace this process by `halles ARGUMENTS` with the settings of every service that has a database, and as the operator at Kafka."""
    values: dict[str, str] = {}
    for name in DATABASES:
        values |= _environment(stack, name)
    for ones_own in ("HALLES_SERVICE", "KAFKA_USERNAME", "KAFKA_PASSWORD"):
        values.pop(ones_own, None)
    values["KAFKA_BROKERS"] = kafka_access.brokers(stack, Secrets(stack))
    os.execve(sys.executable, [sys.executable, "-m", "runtime.halles", *arguments], values)  # noqa: S606 - it takes over


def print_environment(stack: Stack, name: str | None) -> None:
    """Print the environment of a process as lines for a shell, secrets included; without a name what all share."""
    values = environment.shared(stack) if name is None else _environment(stack, name)
    for variable, value in values.items():
        print(f"export {variable}={shlex.quote(value)}")


def _environment(stack: Stack, name: str) -> dict[str, str]:
    known = (*SERVICES, environment.STANDINS)
    if name not in known:
        raise StackError(name, "has no environment of its own", advice=f"Choose one of: {', '.join(known)}.")
    stack.make_folders()
    secrets = Secrets(stack)
    secrets.create_missing()
    return environment.build(stack, name, secrets)
