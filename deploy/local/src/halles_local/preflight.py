"""Look before starting: Python, disk space, free ports."""

import shutil
import socket
import sys
from collections.abc import Iterable

from halles_local.errors import StackError
from halles_local.ports import LOOPBACK, Ports
from halles_local.stack import Stack

OLDEST_PYTHON = (3, 11)
# What a fresh stack needs with its write-ahead log, indexes and start-up caches, with room to work.
NEEDED_BYTES = 1_500_000_000


def check_machine(stack: Stack) -> None:
    """Raise StackError when this machine cannot run the stack."""
    if sys.version_info < OLDEST_PYTHON:
        raise StackError("python", f"{sys.version.split()[0]} is too old", advice="Python 3.11 or newer is needed.")
    if not sys.platform.startswith("linux"):
        raise StackError("system", f"{sys.platform} is not supported", advice="Use Linux, or `docker compose up`.")
    free = shutil.disk_usage(stack.home).free
    if free < NEEDED_BYTES:
        problem = f"only {free / 1e9:.1f} GB are free at {stack.home}, {NEEDED_BYTES / 1e9:.1f} GB are needed"
        raise StackError("disk", problem, advice="Make space, or set HALLES_HOME to a folder on another disk.")


def check_ports(ports: Ports, names: Iterable[str]) -> None:
    """Raise StackError naming the ports that another program listens on."""
    busy = [f"{ports.of(name)} ({name})" for name in names if not _is_free(ports.of(name))]
    if busy:
        problem = f"port {', '.join(busy)} is already in use by another program"
        advice = f"Stop that program, or move this stack: HALLES_PORT_BASE={ports.base + 1000} make up"
        raise StackError("ports", problem, advice=advice)


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the servers do: a port that merely waits out old connections counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_base(names: Iterable[str]) -> int:
    """Return a base with which all ports of `names` are free, far from the usual ones."""
    wanted = tuple(names)
    for base in range(21_600, 60_000, 100):
        if all(_is_free(Ports(base).of(name)) for name in wanted):
            return base
    raise StackError("ports", "no free range of ports was found", advice="Set HALLES_PORT_BASE to a free range.")
