"""A whole market for the end-to-end tests: empty at the start, filled by the seed, ended afterwards, apart from all others."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from rich.console import Console

from halles_local.commands.down import down
from halles_local.commands.infra import PORT_OFFSET
from halles_local.commands.up import up
from halles_local.environment import OVERRIDES
from halles_local.ports import Ports
from halles_local.stack import Stack

# A hundred buyers share one address here.
SETTINGS = "GATEWAY_RATE_LIMIT_PER_MINUTE=100000\n"


def market_stack(stack: Stack) -> Stack:
    """Return the stack of the end-to-end tests: two thousand ports above the ordinary one, not durable."""
    return replace(stack, home=stack.home / "e2e", ports=Ports(stack.ports.base + 2 * PORT_OFFSET), durable=False)


@contextmanager
def whole_stack(stack: Stack, console: Console) -> Iterator[dict[str, str]]:
    """Start a fresh market and yield the environment that leads to it; a second run waits until the first has left."""
    own = market_stack(stack)
    stack.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (stack.home / "e2e.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if own.home.exists():
            down(own, console)
            shutil.rmtree(own.home)
        own.make_folders()
        (own.home / OVERRIDES).write_text(SETTINGS)
        try:
            up(own, console)
            yield {
                "HALLES_HOME": str(own.home),
                "HALLES_PORT_BASE": str(own.ports.base),
                "HALLES_CACHE": str(own.cache),
            }
        finally:
            down(own, console)
