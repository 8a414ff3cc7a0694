"""Every process that the supervisor runs: its command, its environment, its place in the order of starting and stopping."""

import sys
from dataclasses import dataclass, field
from importlib.util import find_spec

from halles_local import environment, kafka, opensearch, postgres
from halles_local.java import ENVIRONMENT as JAVA_ENVIRONMENT
from halles_local.ports import SERVERS, SERVICES
from halles_local.process_environment import inherited
from halles_local.secret_files import Secrets
from halles_local.stack import Stack

# Stopped from the last to the first; started by `up` in this order.
GROUPS = ("servers", "standins", "services")


@dataclass(frozen=True)
class Program:
    """One supervised process. `stop_signal` is the one for a quick clean stop, `stop_seconds` the time it gets."""

    name: str
    group: str
    command: list[str]
    environment: dict[str, str] = field(repr=False)
    stop_signal: str = "TERM"
    stop_seconds: int = 20


def servers(stack: Stack) -> tuple[Program, ...]:
    """Return PostgreSQL, Kafka and OpenSearch."""
    plain = inherited(stack)
    java = plain | JAVA_ENVIRONMENT
    return (
        # INT is PostgreSQL's fast shutdown; TERM would wait for clients to leave.
        Program("postgres", "servers", postgres.command(stack), plain, stop_signal="INT"),
        Program("kafka", "servers", kafka.command(stack), java),
        Program("opensearch", "servers", opensearch.command(stack), java),
    )


def standins(stack: Stack, secrets: Secrets) -> tuple[Program, ...]:
    """Return the process that stands in for Stripe, mail and a carrier."""
    if not is_runnable(environment.STANDINS):
        return ()
    values = environment.build(stack, environment.STANDINS, secrets)
    return (Program(environment.STANDINS, "standins", [sys.executable, "-m", "standins"], values),)


def services(stack: Stack, secrets: Secrets) -> tuple[Program, ...]:
    """Return the services, each with API, worker and relay in one process."""
    return tuple(_service(stack, name, secrets) for name in SERVICES if is_runnable(name))


def _service(stack: Stack, name: str, secrets: Secrets) -> Program:
    return Program(name, "services", [sys.executable, "-m", name, "serve"], environment.build(stack, name, secrets))


def is_runnable(package: str) -> bool:
    """Tell whether the package has a command line."""
    return find_spec(package) is not None and find_spec(f"{package}.__main__") is not None


def group_of(name: str) -> str:
    """Return the group of a process, which decides when it starts and stops."""
    if name in SERVERS:
        return "servers"
    return "standins" if name == environment.STANDINS else "services"


def names() -> tuple[str, ...]:
    """Return the names of all processes that a whole stack has."""
    return (*SERVERS, environment.STANDINS, *SERVICES)
