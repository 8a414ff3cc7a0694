"""Only the relay talks to a Kafka producer: an event leaves through the outbox of its transaction (ADR 0005)."""

import ast
from collections.abc import Iterator

from scripts.rules.syntax import dotted, imported_modules, line
from scripts.rules.violation import Finding, Rule
from scripts.tree import Source, Workspace

# The gateway has no database, so its consented page views have no outbox; losing one is allowed (its README says so).
ALLOWED = {"chassis.relay", "gateway.activity"}
_PRODUCERS = {"AIOKafkaProducer", "KafkaProducer", "confluent_kafka", "kafka"}
_CALLS = {"publish", "publish_batch", "publisher", "send_and_wait"}


def _applies(source: Source) -> bool:
    return source.is_source and source.module not in ALLOWED and not source.is_test


def _find(source: Source, _workspace: Workspace) -> Iterator[Finding]:
    for node in source.nodes:
        if any(
            part in _PRODUCERS
            for module in imported_modules(node)
            for part in (module.split(".")[0], module.split(".")[-1])
        ):
            if not _is_framework(node):
                yield node, f"a Kafka producer belongs to the relay ({', '.join(sorted(ALLOWED))})"
        elif isinstance(node, ast.Attribute) and node.attr in {"AIOKafkaProducer", "KafkaProducer"}:
            yield node, "a Kafka producer belongs to the relay"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CALLS:
            yield (
                node,
                f"{dotted(node.func)}() at line {line(node)}: use outbox.add(session, event); the relay publishes",
            )


def _is_framework(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and (node.module or "").startswith("faststream")


RULE = Rule("publish-at-relay", _applies, _find)
