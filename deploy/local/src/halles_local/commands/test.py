"""`test`: members on PostgreSQL, Kafka and OpenSearch of its own, which several runs may share; journeys on a whole market."""

import fcntl
import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import NoReturn, TextIO

from rich.console import Console

from halles_local.commands.down import down
from halles_local.commands.infra import infra_up, kept, test_stack
from halles_local.commands.pytest_run import Result, broken, exit_code, run, summary
from halles_local.commands.whole_stack import whole_stack
from halles_local.errors import StackError
from halles_local.ports import SERVERS
from halles_local.stack import REPOSITORY, Stack
from halles_local.supervisor import Supervisor

MEMBERS = ("libs", "services", "deploy", "scripts", "tests/rig")
JOURNEYS = ("tests/e2e", "tests/isolation")
# Chosen by name only: `make fuzz`.
ON_A_MARKET = (*JOURNEYS, "tests/fuzz")


def test(stack: Stack, arguments: Sequence[str]) -> int:
    """Run pytest: the members on servers of their own, then the journeys on a whole market; return the exit code.

    Paths among `arguments` choose what runs; the other arguments go to both. One line about everything comes last.
    """
    signal.signal(signal.SIGTERM, _end)
    members, journeys, options = _chosen(arguments)
    results: list[Result] = []
    try:
        if members:
            with _servers(stack) as addresses:
                results.append(run([*members, *options], {**os.environ, **addresses}))
        if journeys:
            with whole_stack(stack, Console(stderr=True)) as address:
                results.append(run([*journeys, *options, "-n", "0"], {**os.environ, **address}))
    except StackError:
        results.append(broken())
        raise
    finally:
        print(summary(results), flush=True)
    return exit_code(results)


def _chosen(arguments: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Split into paths of members, paths of journeys and options; without a path everything runs."""
    paths = [word for word in arguments if not word.startswith("-") and (REPOSITORY / word.split("::")[0]).exists()]
    options = [word for word in arguments if word not in paths]
    journeys = [path for path in paths if path.startswith(ON_A_MARKET)]
    members = [path for path in paths if path not in journeys]
    return (members, journeys, options) if paths else ([*MEMBERS], [*JOURNEYS], options)


def _end(*_: object) -> NoReturn:
    """Leave through the `finally` blocks, so that servers are stopped also when CI runs out of time."""
    raise SystemExit(128 + signal.SIGTERM)


def _servers(stack: Stack) -> AbstractContextManager[dict[str, str]]:
    chosen = os.environ.get("TEST_INFRA") or "local"
    if chosen == "containers":
        from halles_local import containers  # noqa: PLC0415 - needs packages and an engine that others need not have

        return containers.servers()
    if chosen != "local":
        raise StackError(
            "tests", f"TEST_INFRA={chosen} is unknown", advice="Use TEST_INFRA=local or TEST_INFRA=containers."
        )
    return servers(test_stack(stack), Console(stderr=True))


@contextmanager
def servers(stack: Stack, console: Console) -> Iterator[dict[str, str]]:
    """Start the servers, or join those of another run; the last run to leave stops them."""
    stack.make_folders()
    with (stack.home / "users.lock").open("w") as users, (stack.home / "start.lock").open("w") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        if _is_alone(users) and not Supervisor(stack).is_running():
            _forget_earlier_runs(stack)
        fcntl.flock(users, fcntl.LOCK_SH)
        addresses = infra_up(stack, console)
        fcntl.flock(starting, fcntl.LOCK_UN)
        try:
            yield addresses
        finally:
            fcntl.flock(starting, fcntl.LOCK_EX)
            if _is_alone(users) and not kept(stack).exists():
                down(stack, console)


def _forget_earlier_runs(stack: Stack) -> None:
    """Begin with empty servers: topics, indexes and databases of earlier runs would only pile up."""
    for name in SERVERS:
        shutil.rmtree(stack.server(name), ignore_errors=True)


def _is_alone(users: TextIO) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
