"""The ack policy is set once, on the broker that chassis builds: a subscriber that sets its own loses messages."""

import ast
from collections.abc import Iterator

from scripts.rules.violation import Finding, Rule
from scripts.tree import Source, Workspace

_KEYWORDS = {"ack_policy", "no_ack"}
_AUTOMATIC = {"auto_commit", "enable_auto_commit"}


def _applies(source: Source) -> bool:
    return source.is_source and source.kind == "service"


def _find(source: Source, _workspace: Workspace) -> Iterator[Finding]:
    for node in source.nodes:
        if isinstance(node, ast.keyword) and node.arg in _KEYWORDS:
            yield node.value, f"{node.arg} is decided by chassis.consume for every subscriber"
        if isinstance(node, ast.keyword) and node.arg in _AUTOMATIC and not _is_off(node.value):
            yield node.value, f"{node.arg} commits offsets before the effect is safe"
        if isinstance(node, ast.alias) and node.name == "AckPolicy":
            yield node, "AckPolicy is decided by chassis.consume for every subscriber"


def _is_off(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


RULE = Rule("no-ack-policy", _applies, _find)
