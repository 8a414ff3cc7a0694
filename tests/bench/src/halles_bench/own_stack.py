"""The bench's own stack, beside all others: ports four thousand above the ordinary ones, one folder per scale, kept for the next run."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from rich.console import Console

from halles_local.commands.down import down
from halles_local.commands.up import up
from halles_local.environment import OVERRIDES
from halles_local.ports import Ports
from halles_local.stack import Stack

_PORT_OFFSET = 4000
_SETTINGS = "GATEWAY_RATE_LIMIT_PER_MINUTE=1000000000\n"
"""One address asks for everything here."""


@contextmanager
def own_stack(stack: Stack, scale: str, *, keep: bool) -> Iterator[Stack]:
    """Start it with the demo market in it, and stop it afterwards unless it is to be kept; the data stays."""
    own = replace(stack, home=stack.home / f"bench-{scale}", ports=Ports(stack.ports.base + _PORT_OFFSET))
    own.make_folders()
    (own.home / OVERRIDES).write_text(_SETTINGS)
    console = Console(stderr=True)
    try:
        up(own, console)
        yield own
    finally:
        if not keep:
            down(own, console)
