"""`test`: run pytest on PostgreSQL, Kafka and OpenSearch of its own, which several runs may share."""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import NoReturn, TextIO

from rich.console import Console

from halles_local.commands.down import down
from halles_local.commands.infra import infra_up, kept, test_stack
from halles_local.errors import StackError
from halles_local.ports import SERVERS
from halles_local.stack import REPOSITORY, Stack
from halles_local.supervisor import Supervisor

DEFAULT_ARGUMENTS = ("-n", "2")
CLOSING = re.compile(r"\b\d+ (passed|failed|errors?|skipped|deselected|warnings?)\b.* in \d[\d.]*s|no tests ran in ")


def test(stack: Stack, arguments: Sequence[str]) -> int:
    """Run pytest with `arguments` from the repository's root; return its exit code. Its closing line comes last."""
    colour = ["--color=yes"] if sys.stdout.isatty() else []
    command = [sys.executable, "-m", "pytest", *colour, *(arguments or DEFAULT_ARGUMENTS)]
    signal.signal(signal.SIGTERM, _end)
    with _servers(stack) as addresses:
        code, closing = _run(command, {**os.environ, **addresses})
    print(closing, end="", flush=True)
    return code


def _run(command: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str]:
    """Run pytest and pass on what it prints, except its closing line, which is returned with the exit code."""
    closing = ""
    with subprocess.Popen(command, env=environment, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        try:
            for line in process.stdout or ():
                if CLOSING.search(line):
                    closing = line
                else:
                    print(line, end="", flush=True)
        except BaseException:
            process.terminate()
            raise
    return process.returncode, closing


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
