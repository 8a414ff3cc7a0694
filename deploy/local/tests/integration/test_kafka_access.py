"""A service writes its own topics and reads those that list it, at a real broker that asks who is there (S53)."""

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import GroupAuthorizationFailedError, KafkaError, TopicAuthorizationFailedError

import contracts.topics
from chassis.broker import address, connection
from halles_local import jars, kafka, kafka_access, preflight, topics
from halles_local.java import ENVIRONMENT
from halles_local.kafka_access import Grant, Operation, Resource, grants
from halles_local.ports import OFFSETS, Ports
from halles_local.secret_files import CLIENTS, Secrets
from halles_local.stack import Stack
from halles_local.waiting import wait_until

pytestmark = [pytest.mark.infra, pytest.mark.timeout(240)]
ALLOWED = frozenset(grants())
TOPICS = tuple(topic.name for topic in contracts.topics.load())


@dataclass(frozen=True)
class Guarded:
    """A broker with the profile on."""

    stack: Stack
    secrets: Secrets

    def client(self, user: str) -> str:
        return kafka_access.brokers(self.stack, self.secrets, user)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    cache = Stack.from_environment().cache
    stack = Stack(tmp_path_factory.mktemp("home"), Ports(preflight.free_base(OFFSETS)), cache, durable=False)
    stack.make_folders()
    (stack.home / "kafka-acl").touch()
    found = Guarded(stack, Secrets(stack))
    jars.fetch(stack, advance=lambda _: None)
    kafka.prepare(stack)
    log = stack.log("kafka").open("w")
    with (
        log,
        subprocess.Popen(kafka.command(stack), stdout=log, stderr=log, env={**os.environ, **ENVIRONMENT}) as broker,
    ):
        try:
            wait_until(lambda: kafka.check_ready(stack.ports, found.client("admin")), seconds=120)
            topics.create_missing(found.client("admin"))
            kafka_access.apply(stack, found.secrets)
            asyncio.run(_write_everywhere(found.client("admin")))
            yield found
        finally:
            broker.send_signal(signal.SIGTERM)


@pytest_asyncio.fixture(params=CLIENTS)
async def service(guarded: Guarded, request: pytest.FixtureRequest) -> AsyncIterator[tuple[str, str]]:
    yield request.param, guarded.client(request.param)


def may(service: str, operation: Operation, resource: Resource, name: str) -> bool:
    return Grant(service, operation, resource, name) in ALLOWED


def asked(service: str) -> tuple[str, ...]:
    """Every topic, and dead letters: the own ones and somebody else's."""
    dead = [topic.name for topic in contracts.topics.dead_letter_topics()]
    own = [name for name in dead if name.split(".")[1] == service]
    return (*TOPICS, *own[:2], *[name for name in dead if name not in own][:2])


async def test_it_writes_to_its_own_topics_only(service: tuple[str, str]) -> None:
    name, brokers = service
    producer = AIOKafkaProducer(**connection(brokers), enable_idempotence=True, acks="all", request_timeout_ms=10_000)
    written = {}
    try:
        await producer.start()
        for topic in asked(name):
            written[topic] = await _succeeds(producer.send_and_wait(topic, b"{}", key=b"acl", partition=0))
    finally:
        await producer.stop()

    assert written == {topic: may(name, Operation.WRITE, Resource.TOPIC, topic) for topic in written}


async def test_it_reads_the_topics_that_list_it_only(service: tuple[str, str]) -> None:
    name, brokers = service
    read = {topic: await _succeeds(_read(brokers, topic)) for topic in asked(name)}

    assert read == {topic: may(name, Operation.READ, Resource.TOPIC, topic) for topic in read}


async def test_it_joins_its_own_groups_only(service: tuple[str, str]) -> None:
    name, brokers = service
    groups = sorted({group for topic in contracts.topics.load() for group in topic.consumers})
    topic = next(one for one in TOPICS if may(name, Operation.READ, Resource.TOPIC, one))
    joined = {group: await _succeeds(_join(brokers, topic, group)) for group in groups}

    assert joined == {group: may(name, Operation.READ, Resource.GROUP, group) for group in groups}


async def test_it_makes_no_topics_and_no_rules(service: tuple[str, str]) -> None:
    name, brokers = service
    admin = AIOKafkaAdminClient(**connection(brokers))
    await admin.start()
    try:
        made = await admin.create_topics([NewTopic(f"loot.{name}", 1, 1)])
        rules = await admin._send_to_controller(
            kafka_access._CreateAcls((Grant(name, Operation.READ, Resource.TOPIC, TOPICS[0]),))
        )
    finally:
        await admin.close()

    assert [code for _, code, _ in made.topic_errors] == [29]
    assert [code for code, _ in rules.creation_responses] == [31]


@pytest.mark.parametrize("user", [None, "order", "nobody"])
async def test_nobody_comes_in_without_the_right_password(guarded: Guarded, user: str | None) -> None:
    servers = guarded.stack.ports.address("kafka")
    brokers = address(servers, username=user, password="guessed") if user else servers
    admin = AIOKafkaAdminClient(**connection(brokers), request_timeout_ms=3000)

    with pytest.raises((KafkaError, OSError, TimeoutError)):
        await asyncio.wait_for(admin.start(), 20)
    await admin.close()


def test_passwords_lie_in_files_of_their_owner_only(guarded: Guarded) -> None:
    file: Path = guarded.stack.server("kafka") / "server.properties"

    assert file.stat().st_mode & 0o077 == 0
    assert guarded.secrets.passwords["kafka-order"] in file.read_text()


async def _succeeds(work: object) -> bool:
    try:
        await asyncio.wait_for(work, 30)  # type: ignore[arg-type]
    except (TopicAuthorizationFailedError, GroupAuthorizationFailedError):
        return False
    return True


async def _read(brokers: str, topic: str) -> None:
    """One record: each topic has one that the admin wrote."""
    consumer = AIOKafkaConsumer(topic, **connection(brokers), group_id=None, auto_offset_reset="earliest")
    try:
        await consumer.start()
        await consumer.getone()
    finally:
        await consumer.stop()


async def _write_everywhere(brokers: str) -> None:
    producer = AIOKafkaProducer(**connection(brokers))
    await producer.start()
    for topic in (*contracts.topics.load(), *contracts.topics.dead_letter_topics()):
        await producer.send_and_wait(topic.name, b"{}", key=b"acl", partition=0)
    await producer.stop()


async def _join(brokers: str, topic: str, group: str) -> None:
    consumer = AIOKafkaConsumer(topic, **connection(brokers), group_id=group, enable_auto_commit=False)
    try:
        await consumer.start()
    finally:
        await consumer.stop()
