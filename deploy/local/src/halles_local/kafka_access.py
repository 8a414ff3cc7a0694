"""Users of Kafka and what each may do, made from the topic files: write own topics, read listed ones, nothing else.

A profile of the stack (`HALLES_KAFKA_ACL=1 make up`): SASL/PLAIN on both listeners and KRaft's StandardAuthorizer, which
refuses whatever no rule allows. A stack that began with it keeps it. In a cluster Strimzi's users say the same.
"""

import asyncio
import os
import time
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.admin import CreateAclsRequest_v1, DescribeAclsRequest_v1
from aiokafka.protocol.api import Request, RequestStruct

import contracts.topics
from chassis.broker import address, connection
from halles_local.errors import StackError
from halles_local.secret_files import CLIENTS, Secrets
from halles_local.stack import Stack

ADMIN = "admin"
"""The operator's own user: creates topics and rules, reads lags and logs. Also what the node calls itself."""
SETTING = "HALLES_KAFKA_ACL"
_ANY, _LITERAL, _ALLOW = 1, 3, 3
_SECONDS = 60.0
_CLUSTER = "kafka-cluster"
_ANALYTICS = "analytics"


class Resource(IntEnum):
    """Kafka's numbers of kinds of resources."""

    TOPIC = 2
    GROUP = 3
    CLUSTER = 4


class Operation(IntEnum):
    """Kafka's numbers of operations; READ and WRITE imply DESCRIBE."""

    READ = 3
    WRITE = 4
    DESCRIBE = 8
    IDEMPOTENT_WRITE = 12


@dataclass(frozen=True, order=True)
class Grant:
    """One rule: this service may do that with the thing of this name (`*`: with all of the kind)."""

    service: str
    operation: Operation
    resource: Resource
    name: str


def grants() -> tuple[Grant, ...]:
    """Everything that is allowed; what is not here is refused.

    Analytics also sees how far every group has read, without joining any: it shows operators the pipeline.
    """
    topics = (*contracts.topics.load(), *contracts.topics.dead_letter_topics())
    found = {Grant(_ANALYTICS, Operation.DESCRIBE, Resource.GROUP, "*")}
    for topic in topics:
        found |= {Grant(name, Operation.WRITE, Resource.TOPIC, topic.name) for name in topic.producers}
        found |= {Grant(name, Operation.IDEMPOTENT_WRITE, Resource.CLUSTER, _CLUSTER) for name in topic.producers}
        readers = (topic.owner,) if topic.kind == "dead-letter" else topic.consumers
        found |= {Grant(_service(group), Operation.READ, Resource.TOPIC, topic.name) for group in readers}
        found |= {Grant(_service(group), Operation.READ, Resource.GROUP, group) for group in topic.consumers}
    return tuple(sorted(found))


def is_on(stack: Stack) -> bool:
    """Tell whether this stack's broker asks who is there; decided when the stack is first started."""
    return _marker_exists(stack) or os.environ.get(SETTING) == "1"


def remember(stack: Stack) -> None:
    """Keep the profile for later commands, which may run without the variable."""
    if is_on(stack):
        (stack.home / "kafka-acl").touch()


def brokers(stack: Stack, secrets: Secrets, user: str = ADMIN) -> str:
    """Return the broker's address as `chassis.broker` reads it, with the user when the profile is on."""
    servers = stack.ports.address("kafka")
    return address(servers, username=user, password=secrets.passwords[password_name(user)]) if is_on(stack) else servers


def password_name(user: str) -> str:
    """Return the name of a user's password among the secrets."""
    return f"kafka-{user}"


def properties(secrets: Secrets) -> str:
    """Return the lines that replace the open listeners in `server.properties`."""
    passwords = {user: secrets.passwords[password_name(user)] for user in (ADMIN, *CLIENTS)}
    module = "org.apache.kafka.common.security.plain.PlainLoginModule required"
    own = f'username="{ADMIN}" password="{passwords[ADMIN]}"'
    users = " ".join(f'user_{user}="{password}"' for user, password in passwords.items())
    lines = {
        "listener.security.protocol.map": "PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT",
        "sasl.enabled.mechanisms": "PLAIN",
        "sasl.mechanism.inter.broker.protocol": "PLAIN",
        "sasl.mechanism.controller.protocol": "PLAIN",
        "inter.broker.listener.name": "PLAINTEXT",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "allow.everyone.if.no.acl.found": "false",
        "super.users": f"User:{ADMIN}",
        "listener.name.plaintext.plain.sasl.jaas.config": f"{module} {own} {users};",
        "listener.name.controller.plain.sasl.jaas.config": f'{module} {own} user_{ADMIN}="{passwords[ADMIN]}";',
    }
    return "".join(f"{name}={value}\n" for name, value in lines.items())


def apply(stack: Stack, secrets: Secrets) -> None:
    """Tell the broker the rules; those that it has already change nothing. Nothing to do without the profile."""
    if is_on(stack):
        asyncio.run(_create(brokers(stack, secrets), grants()))


async def _create(admin_address: str, wanted: tuple[Grant, ...]) -> None:
    admin = AIOKafkaAdminClient(**connection(admin_address))
    try:
        await admin.start()
        answer: Any = await admin._send_to_controller(_CreateAcls(wanted))
        refused = [message or str(code) for code, message in answer.creation_responses if code]
        if refused:
            raise StackError("kafka", f"rules of access were refused: {refused[0]}", advice="`make logs S=kafka`")
        await _until_in_force(admin, len(wanted))
    finally:
        await admin.close()


async def _until_in_force(admin: AIOKafkaAdminClient, wanted: int) -> None:
    """The broker takes up rules in the order of its log: after the topics, whose files it makes first."""
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        answer: Any = await admin._send_request(_DescribeAcls())
        if sum(len(rules) for *_, rules in answer.resources) >= wanted:
            return
        await asyncio.sleep(0.2)
    raise StackError("kafka", f"rules of access are not in force after {_SECONDS:.0f} s", advice="`make logs S=kafka`")


class _CreateAcls(Request[CreateAclsRequest_v1]):
    """All rules in one request; aiokafka's own takes one rule each."""

    API_KEY = 30

    def __init__(self, wanted: tuple[Grant, ...]) -> None:
        self._wanted = wanted

    def build(self, request_struct_class: type[RequestStruct]) -> Any:
        return CreateAclsRequest_v1(
            [
                (one.resource, one.name, _LITERAL, f"User:{one.service}", "*", one.operation, _ALLOW)
                for one in self._wanted
            ]
        )


class _DescribeAcls(Request[DescribeAclsRequest_v1]):
    """Every rule that the asked broker goes by."""

    API_KEY = 29

    def build(self, request_struct_class: type[RequestStruct]) -> Any:
        return DescribeAclsRequest_v1(_ANY, None, _ANY, None, None, _ANY, _ANY)


def _service(group: str) -> str:
    return group.partition(".")[0]


def _marker_exists(stack: Stack) -> bool:
    return (stack.home / "kafka-acl").exists()
