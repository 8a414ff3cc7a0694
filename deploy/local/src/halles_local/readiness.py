"""Ask the processes themselves whether they are ready to work."""

import socket
import urllib.error
import urllib.request

from halles_local.ports import LOOPBACK, SERVICES, STANDIN_PORTS, Ports
from halles_local.waiting import NotReady


def check(ports: Ports, name: str) -> None:
    """Raise NotReady with a process's own words until it is ready; `name` is a service or the stand-ins."""
    if name in SERVICES:
        _check(f"{ports.url(name)}/readyz")
        return
    silent = [f"{ports.of(listener)} ({listener})" for listener in STANDIN_PORTS if not listens(ports.of(listener))]
    if silent:
        raise NotReady(f"nothing listens yet at {', '.join(silent)}")


def listens(port: int) -> bool:
    """Tell whether a program accepts connections at a port of this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def _check(url: str) -> None:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own loopback address
            answer.read()
    except urllib.error.HTTPError as error:
        raise NotReady(f"{url} answers {error.code}: {error.read(500).decode(errors='replace')}") from error
    except OSError as error:
        raise NotReady(f"{url} does not answer: {error}") from error
