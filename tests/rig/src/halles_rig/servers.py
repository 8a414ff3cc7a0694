"""PostgreSQL, Kafka, OpenSearch and the stand-ins as the rig's own children."""

import asyncio
import signal
import sys
from collections.abc import Callable

from halles_local import environment, kafka, opensearch, postgres, readiness
from halles_local.java import ENVIRONMENT as JAVA_ENVIRONMENT
from halles_local.ports import LOOPBACK
from halles_local.process_environment import inherited
from halles_local.secret_files import Secrets
from halles_local.stack import Stack
from halles_local.waiting import NotReady
from halles_rig.plan import Plan
from halles_rig.process import Process


def asking(check: Callable[[], None]) -> Callable[[], "asyncio.Future[bool]"]:
    """A blocking check of the local stack as a question that can be awaited."""

    def ask() -> bool:
        try:
            check()
        except NotReady:
            return False
        return True

    return lambda: asyncio.get_running_loop().run_in_executor(None, ask)


def prepare(plan: Plan, secrets: Secrets) -> None:
    """Write the servers' configuration; Kafka tells its clients the address of the proxy."""
    stack = plan.stack
    postgres.prepare(stack, password=secrets.passwords["postgres"])
    kafka.prepare(stack)
    advertise(stack, plan.proxy_port("kafka"))
    opensearch.prepare(stack)


def advertise(stack: Stack, port: int) -> None:
    """Make the broker send its clients to ``port``."""
    file = stack.server("kafka") / "server.properties"
    lines = file.read_text().splitlines()
    told = f"advertised.listeners=PLAINTEXT://{LOOPBACK}:{port}"
    file.write_text("\n".join(told if line.startswith("advertised.listeners=") else line for line in lines) + "\n")


def processes(plan: Plan, secrets: Secrets) -> dict[str, Process]:
    """The three servers and the process of the stand-ins, by name."""
    stack = plan.stack
    plain = inherited(stack)
    superuser = postgres.address(stack.ports, password=secrets.passwords["postgres"])
    made = [
        Process(
            "postgres",
            postgres.command(stack),
            plain,
            log=stack.log("postgres"),
            ready=asking(lambda: postgres.check_ready(superuser)),
            stop_signal=signal.SIGINT,
        ),
        Process(
            "kafka",
            kafka.command(stack),
            plain | JAVA_ENVIRONMENT,
            log=stack.log("kafka"),
            ready=asking(lambda: kafka.check_ready(stack.ports)),
        ),
        Process(
            "opensearch",
            opensearch.command(stack),
            plain | JAVA_ENVIRONMENT,
            log=stack.log("opensearch"),
            ready=asking(lambda: opensearch.check_ready(stack.ports)),
        ),
        Process(
            "standins",
            [sys.executable, "-m", "standins"],
            environment.build(stack, environment.STANDINS, secrets),
            log=stack.log("standins"),
            ready=asking(lambda: readiness.check(stack.ports, environment.STANDINS)),
        ),
    ]
    return {process.name: process for process in made}
