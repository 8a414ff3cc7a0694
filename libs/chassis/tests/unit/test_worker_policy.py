"""Acknowledgement is decided in one place: manual, after the batch is done (reliability.md 1.9)."""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from faststream import AckPolicy

from chassis.consume import Received, Subscription
from chassis.db import Database, HotTransaction
from chassis.worker import Worker

REPOSITORY = Path(__file__).resolve().parents[4]
DECIDES = "libs/chassis/src/chassis/worker.py"
SUBSCRIBES = {"subscriber", "AIOKafkaConsumer", "KafkaBroker"}
DECISIONS = {"ack_policy", "no_ack", "auto_commit", "enable_auto_commit", "auto_offset_reset_policy"}


async def nothing(tx: HotTransaction, batch: Sequence[Received]) -> None:
    """A handler that does nothing with its batch."""


def worker() -> Worker:
    subscriptions = [
        Subscription(group="spine", handlers={"spine.one.v1": nothing, "spine.two.v1": nothing}),
        Subscription(group="spine.other", handlers={"spine.one.v1": nothing}),
    ]
    return Worker(Database("postgresql://unused", name="spine"), subscriptions, brokers="127.0.0.1:9", name="spine")


def test_every_subscriber_acknowledges_by_hand_and_never_commits_by_itself() -> None:
    subscribers = worker()._broker.subscribers

    assert len(subscribers) == 2
    for subscriber in subscribers:
        assert subscriber.ack_policy is AckPolicy.MANUAL
        assert subscriber._connection_args["enable_auto_commit"] is False
        assert subscriber._connection_args["auto_offset_reset"] == "earliest"


def _sources() -> Iterator[Path]:
    for folder in ("libs", "services", "deploy"):
        yield from (REPOSITORY / folder).glob("*/src/**/*.py")


def _decisions(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.keyword) and node.arg in DECISIONS and not _is_off(node.value):
            found.append(str(node.arg))
        if isinstance(node, ast.Attribute) and node.attr == "subscriber":
            found.append("subscriber")
    return found


def _is_off(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def test_nothing_else_in_the_repository_subscribes_or_sets_a_policy() -> None:
    deciding = {
        str(path.relative_to(REPOSITORY)): found for path in _sources() if (found := _decisions(path.read_text()))
    }

    assert set(deciding) == {DECIDES}


@pytest.mark.parametrize(
    "planted",
    [
        'broker.subscriber("t", ack_policy=AckPolicy.ACK)',
        '@router.subscriber("t")\nasync def on(m): ...',
        'AIOKafkaConsumer("t", enable_auto_commit=True)',
        'subscribe("t", no_ack=True)',
    ],
)
def test_a_planted_violation_is_found(planted: str) -> None:
    assert _decisions(planted)
