"""Test servers from container images (`TEST_INFRA=containers`), for machines with a Docker engine.

Images and versions are those of `compose.yaml`.
"""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import yaml
from docker.errors import DockerException
from testcontainers.core.container import DockerContainer

from halles_local import kafka, opensearch, postgres
from halles_local.errors import StackError
from halles_local.ports import Ports
from halles_local.preflight import free_base
from halles_local.stack import REPOSITORY
from halles_local.waiting import wait_until

READY_SECONDS = 180
LISTENERS = ("postgres", "kafka", "opensearch")


@contextmanager
def servers() -> Iterator[dict[str, str]]:
    """Run the three servers in containers on free ports; yields their addresses under the names that tests read."""
    ports = Ports(free_base(LISTENERS))
    password = secrets.token_urlsafe(16)
    superuser = postgres.address(ports, password=password)
    with ExitStack() as running:
        try:
            for container in (_postgres(ports, password), _kafka(ports), _opensearch(ports)):
                running.enter_context(container)
        except DockerException as error:
            advice = "Start Docker, or leave TEST_INFRA unset: the tests then run on servers without containers."
            raise StackError("docker", f"no engine answers: {error}", advice=advice) from error
        wait_until(lambda: postgres.check_ready(superuser), seconds=READY_SECONDS)
        wait_until(lambda: kafka.check_ready(ports), seconds=READY_SECONDS)
        wait_until(lambda: opensearch.check_ready(ports), seconds=READY_SECONDS)
        yield {
            "TEST_POSTGRES_URL": superuser,
            "TEST_KAFKA_BROKERS": ports.address("kafka"),
            "TEST_OPENSEARCH_URL": ports.url("opensearch"),
        }


def _postgres(ports: Ports, password: str) -> DockerContainer:
    container = _container("postgres").with_bind_ports(5432, ports.of("postgres"))
    return container.with_env("POSTGRES_PASSWORD", password).with_command(
        "postgres -c max_connections=300 -c fsync=off"
    )


def _kafka(ports: Ports) -> DockerContainer:
    """One node whose listener for clients has the same port inside and outside, because brokers tell clients their address."""
    port = ports.of("kafka")
    container = _container("kafka").with_bind_ports(port, port)
    settings = {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_LISTENERS": f"PLAINTEXT://:{port},CONTROLLER://:9093",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://{ports.address('kafka')}",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS": "1000",
    }
    return container.with_envs(**settings)


def _opensearch(ports: Ports) -> DockerContainer:
    container = _container("opensearch").with_bind_ports(9200, ports.of("opensearch"))
    for name, value in _compose("opensearch")["environment"].items():
        container = container.with_env(name, value)
    return container


def _container(service: str) -> DockerContainer:
    return DockerContainer(str(_compose(service)["image"]))


def _compose(service: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((REPOSITORY / "compose.yaml").read_text())["services"][service]
    return found
