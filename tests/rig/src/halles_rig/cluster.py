"""Three brokers on loopback from the same jars: every topic three times, two copies in sync before a write counts."""

import asyncio
import base64
import os
import subprocess
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

import contracts.topics
from halles_local import java, kafka, lag
from halles_local.ports import LOOPBACK
from halles_local.process_environment import inherited
from halles_rig.pausing import seen
from halles_rig.process import Process
from halles_rig.rig import SERVER_NAMES, Rig

BROKERS = (1, 2, 3)
PARTITIONS = 6
_REPLICATED = {
    "offsets.topic.replication.factor": "3",
    "transaction.state.log.replication.factor": "3",
    "transaction.state.log.min.isr": "2",
    "share.coordinator.state.topic.replication.factor": "3",
    "share.coordinator.state.topic.min.isr": "2",
    "default.replication.factor": "3",
    "min.insync.replicas": "2",
}


class Cluster:
    """Takes the place of the rig's one broker until the rig ends; the log begins empty."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._id = kafka.new_cluster_id()
        self._directories = {number: _random_id() for number in BROKERS}

    def broker(self, number: int) -> Process:
        return self._rig.processes[f"kafka-{number}"]

    def _ports(self, number: int) -> tuple[int, int]:
        """The first broker has the ordinary ports, where the checkers look."""
        ports = self._rig.stack.ports
        return (ports.of("kafka"), ports.of("kafka-controller")) if number == 1 else self._rig.plan.broker_ports(number)

    @property
    def addresses(self) -> str:
        return ",".join(f"{LOOPBACK}:{self._ports(number)[0]}" for number in BROKERS)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Cluster"]:
        """Stop the services and the one broker, start three, start the services on them."""
        rig = self._rig
        services = [name for name in rig.processes if name not in SERVER_NAMES]
        await asyncio.gather(*(rig.processes[name].stop() for name in services))
        await rig.processes.pop("kafka").stop()
        for number in BROKERS:
            await asyncio.to_thread(self._prepare, number)
            rig.processes[f"kafka-{number}"] = self._process(number)
        for number in BROKERS:
            self.broker(number).start()
        await asyncio.gather(*(self.broker(number).until_ready() for number in BROKERS))
        await self._create_topics()
        rig.plan.brokers = self.addresses
        for role in tuple(rig.roles.values()):
            rig.add(role)
        await rig.start(services)
        yield self

    def _prepare(self, number: int) -> None:
        folder = self._rig.stack.server(f"kafka-{number}")
        folder.mkdir(mode=0o700, parents=True)
        port, controller = self._ports(number)
        template = (files("halles_local") / "templates" / "kafka.server.properties").read_text()
        lines = template.format(port=port, cport=controller, data=folder / "data").splitlines()
        quorum = ",".join(f"{LOOPBACK}:{self._ports(n)[1]}" for n in BROKERS)
        changed = {"node.id": str(number), "controller.quorum.bootstrap.servers": quorum, **_REPLICATED}
        kept = [line for line in lines if line.partition("=")[0] not in changed]
        file = folder / "server.properties"
        file.write_text("\n".join([*kept, *(f"{name}={value}" for name, value in changed.items())]) + "\n")
        self._format(number, file)

    def _format(self, number: int, file: Path) -> None:
        voters = ",".join(f"{n}@{LOOPBACK}:{self._ports(n)[1]}:{self._directories[n]}" for n in BROKERS)
        start = kafka.command(self._rig.stack, folder=file.parent)
        tool = ["kafka.tools.StorageTool", "format", "-t", self._id, "-c", str(file), "--initial-controllers", voters]
        words = [*start[: start.index("kafka.Kafka")], *tool]
        done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, **java.ENVIRONMENT})
        if done.returncode:
            raise RuntimeError(f"formatting broker {number} failed: {done.stdout[-800:]}{done.stderr[-400:]}")

    def _process(self, number: int) -> Process:
        stack = self._rig.stack
        name, address = f"kafka-{number}", f"{LOOPBACK}:{self._ports(number)[0]}"
        command = kafka.command(stack, folder=stack.server(name))

        async def ready() -> bool:
            admin = AIOKafkaAdminClient(bootstrap_servers=address, request_timeout_ms=2000)
            try:
                await admin.start()
                return len((await admin.describe_cluster())["brokers"]) >= len(BROKERS) - 1
            except (OSError, KafkaError):
                return False
            finally:
                await admin.close()

        return Process(name, command, inherited(stack) | java.ENVIRONMENT, log=stack.log(name), ready=ready)

    async def _create_topics(self) -> None:
        wanted = [*contracts.topics.load(), *contracts.topics.dead_letter_topics()]
        made = [
            NewTopic(topic.name, min(topic.partitions, PARTITIONS), len(BROKERS), topic_configs=topic.config())
            for topic in wanted
        ]

        async with self._admin() as admin:
            await admin.create_topics(made, timeout_ms=30_000)

        async def all_there() -> bool:
            async with self._admin() as admin:
                return {topic.name for topic in wanted} <= set(await admin.list_topics())

        await seen("the topics exist", all_there, seconds=60)

    @asynccontextmanager
    async def _admin(self) -> AsyncIterator[AIOKafkaAdminClient]:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.addresses)
        await admin.start()
        try:
            yield admin
        finally:
            await admin.close()

    async def leaders(self) -> Counter[int]:
        """Number of partitions that each broker leads."""
        async with self._admin() as admin:
            described = await admin.describe_topics([topic.name for topic in contracts.topics.load()])
        return Counter(part["leader"] for topic in described for part in topic["partitions"])

    async def behind(self) -> dict[str, int]:
        """Unread events by group."""
        return await asyncio.to_thread(lag.by_group, self._rig.stack)


def _random_id() -> str:
    """An id as Kafka writes directories': none begins with a dash."""
    while (made := base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")).startswith("-"):
        continue
    return made
