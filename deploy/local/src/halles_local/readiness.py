"""Ask the processes themselves whether they are ready to work."""

import urllib.error
import urllib.request

from halles_local.ports import SERVICES, STANDIN_PORTS, Ports
from halles_local.waiting import NotReady


def check(ports: Ports, name: str) -> None:
    """Raise NotReady with a process's own words until it is ready; `name` is a service or the stand-ins."""
    if name in SERVICES:
        _check(f"{ports.url(name)}/readyz")
        return
    for page in STANDIN_PORTS:
        if page != "smtp":
            _check(f"{ports.url(page)}/healthz")


def _check(url: str) -> None:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own loopback address
            answer.read()
    except urllib.error.HTTPError as error:
        raise NotReady(f"{url} answers {error.code}: {error.read(500).decode(errors='replace')}") from error
    except OSError as error:
        raise NotReady(f"{url} does not answer: {error}") from error
