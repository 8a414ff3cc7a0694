"""Only the relay talks to a Kafka producer: an event leaves through the outbox of its transaction (ADR 0005)."""

import ast
from collections.abc import Iterator

from scripts.rules.syntax import dotted, imported_modules, imported_names, origin
from scripts.rules.violation import Finding, Rule
from scripts.tree import Source, Workspace

# The gateway has no database, so its consented page views have no outbox; losing one is allowed (its README says so).
ALLOWED = {"chassis.relay", "gateway.activity"}
# FastStream's broker consumes and could publish: one module has it, and even there publishing is a violation.
BROKER, BROKER_HOME = "KafkaBroker", "chassis.worker"
_CLIENTS = {"confluent_kafka", "kafka"}
_PRODUCERS = {"AIOKafkaProducer", "KafkaProducer"}
_CALLS = {"publish", "publish_batch", "publisher", "send_and_wait"}


def _applies(source: Source) -> bool:
    """Programs in `tests` are free: the fault rig writes records that no service would."""
    return source.is_source and source.module not in ALLOWED and not (source.is_test or source.is_program)


def _find(source: Source, _workspace: Workspace) -> Iterator[Finding]:
    names = imported_names(source.nodes)
    for node in source.nodes:
        if any(_loads_producer(module) for module in imported_modules(node)) or _names_producer(node):
            yield node, f"a Kafka producer belongs to the relay ({', '.join(sorted(ALLOWED))})"
        elif source.module != BROKER_HOME and any(module.endswith(f".{BROKER}") for module in imported_modules(node)):
            yield node, f"{BROKER} belongs to {BROKER_HOME}"
        elif isinstance(node, ast.Call) and _is_publish(node, names, package=source.module.split(".")[0]):
            yield node, f"{dotted(node.func)}(): use outbox.add(session, event); the relay publishes"


def _is_publish(node: ast.Call, names: dict[str, str], *, package: str) -> bool:
    """A call of `.publish(...)`, except of a function in one of the service's own modules (`repository.publish`)."""
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in _CALLS:
        return False
    return not origin(node.func, names).startswith(f"{package}.")


def _loads_producer(module: str) -> bool:
    parts = module.split(".")
    return parts[0] in _CLIENTS or parts[-1] in _PRODUCERS


def _names_producer(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in _PRODUCERS


RULE = Rule("publish-at-relay", _applies, _find)
