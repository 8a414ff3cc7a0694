"""Tests do not sleep: `testkit.eventually(check, timeout=...)` waits as long as needed and no longer."""

import ast
from collections.abc import Iterator

from scripts.rules.syntax import imported_names, origin
from scripts.rules.violation import Finding, Rule
from scripts.tree import Source, Workspace

_SLEEPS = {"asyncio.sleep", "time.sleep"}


def _applies(source: Source) -> bool:
    return "tests" in source.path.parts and not source.is_program


def _find(source: Source, _workspace: Workspace) -> Iterator[Finding]:
    names = imported_names(source.nodes)
    for node in source.nodes:
        if isinstance(node, ast.Call) and origin(node.func, names) in _SLEEPS and not _yields_only(node):
            yield node, "a sleeping test is slow or flaky: use eventually()"


def _yields_only(node: ast.Call) -> bool:
    return bool(node.args) and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0


RULE = Rule("no-sleep-in-tests", _applies, _find)
