"""Apache Kafka: one node that is broker and controller (KRaft), from pinned jars."""

import asyncio
import base64
import os
import subprocess
import uuid
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from chassis.broker import connection
from halles_local import jars, java, kafka_access, lockfile
from halles_local.errors import StackError
from halles_local.ports import Ports
from halles_local.secret_files import Secrets, write_private
from halles_local.stack import Stack
from halles_local.waiting import NotReady

JVM = ("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
LOGGING = (
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.logFile=System.out",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSZ",
)


def aot_file(stack: Stack) -> Path:
    """Return the start-up cache of this set of jars and flags."""
    return java.aot_file(stack, "kafka", identity=(_class_path(stack), lockfile.text("kafka"), *JVM))


def prepare(stack: Stack) -> None:
    """Write the configuration and format the storage, unless it is formatted."""
    kafka_access.remember(stack)
    access = kafka_access.properties(Secrets(stack)) if kafka_access.is_on(stack) else ""
    configure(stack.server("kafka"), stack, stack.ports, access=access)


def configure(folder: Path, stack: Stack, ports: Ports, *, access: str = "") -> None:
    """Write `server.properties`, with the lines of `access`, into `folder` and format the data folder beside it, unless it is formatted."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    template = (files("halles_local") / "templates" / "kafka.server.properties").read_text()
    properties = template.format(port=ports.of("kafka"), cport=ports.of("kafka-controller"), data=folder / "data")
    write_private(folder / "server.properties", properties + access)
    if not (folder / "data" / "meta.properties").exists():
        _format(folder, stack)


def new_cluster_id() -> str:
    """Return a random id as Kafka makes them: none begins with a dash, which its tool would take for an option."""
    while (made := base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")).startswith("-"):
        continue
    return made


def _format(folder: Path, stack: Stack) -> None:
    cluster = new_cluster_id()
    tool = ["kafka.tools.StorageTool", "format", "--standalone", "-t", cluster, "-c", str(folder / "server.properties")]
    flags = [*JVM, *java.aot_flags(aot_file(stack)), *LOGGING]
    done = subprocess.run(
        [java.JAVA, *flags, "-cp", _class_path(stack), *tool],
        capture_output=True,
        text=True,
        env={**os.environ, **java.ENVIRONMENT},
    )
    if done.returncode:
        raise StackError(
            "kafka",
            f"formatting its storage failed:\n{done.stdout[-1500:]}{done.stderr[-500:]}",
            advice="`make reset` starts from an empty stack.",
        )


def command(stack: Stack, *, folder: Path | None = None, extra: Sequence[str] | None = None) -> list[str]:
    """Return the command line of the broker; `extra` flags replace the use of the start-up cache."""
    home = folder or stack.server("kafka")
    flags = java.aot_flags(aot_file(stack)) if extra is None else extra
    start = ["-cp", _class_path(stack), "kafka.Kafka", str(home / "server.properties")]
    return [java.JAVA, *JVM, *flags, *LOGGING, *start]


def _class_path(stack: Stack) -> str:
    names = sorted(jar.file_name for jar in lockfile.load("kafka"))
    return os.pathsep.join(str(jars.folder(stack) / name) for name in names)


def check_ready(ports: Ports, brokers: str | None = None) -> None:
    """Raise NotReady until the broker answers and counts itself as registered (not fenced); `brokers`: address with a user."""
    asyncio.run(_check_ready(ports.address("kafka"), brokers))


async def _check_ready(address: str, brokers: str | None) -> None:
    try:
        _, writer = await asyncio.open_connection(*address.split(":"))
        writer.close()
        admin = AIOKafkaAdminClient(**connection(brokers or address), request_timeout_ms=2000)
        try:
            await admin.start()
            cluster = await admin.describe_cluster()
        finally:
            await admin.close()
    except (OSError, KafkaError) as error:
        raise NotReady(f"Kafka at {address} does not answer: {error}") from error
    if not cluster["brokers"]:
        raise NotReady(f"Kafka at {address} has not registered its broker yet")
