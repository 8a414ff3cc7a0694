"""Ask the processes themselves whether they are ready to work."""

import urllib.error
import urllib.request

from halles_local.ports import STANDIN_PORTS, Ports
from halles_local.waiting import NotReady


def check_service(ports: Ports, name: str) -> None:
    """Raise NotReady with the service's own words until its `/readyz` answers 200."""
    _check(f"{ports.url(name)}/readyz")


def check_standins(ports: Ports) -> None:
    """Raise NotReady until every web page of the stand-ins answers."""
    for name in STANDIN_PORTS:
        if name != "smtp":
            _check(f"{ports.url(name)}/healthz")


def _check(url: str) -> None:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own loopback address
            answer.read()
    except urllib.error.HTTPError as error:
        raise NotReady(f"{url} answers {error.code}: {error.read(500).decode(errors='replace')}") from error
    except OSError as error:
        raise NotReady(f"{url} does not answer: {error}") from error
