"""We call chassis; chassis does not call us: no service class inherits from it, except errors and settings (ADR 0007)."""

import ast
from collections.abc import Iterator

from scripts.rules.syntax import imported_names, origin
from scripts.rules.violation import Finding, Rule
from scripts.tree import Source, Workspace

SHARED = ("chassis.", "edge.", "runtime.")
ALLOWED = ("edge.errors.", "chassis.settings.")


def _applies(source: Source) -> bool:
    return source.is_source and source.kind == "service"


def _find(source: Source, _workspace: Workspace) -> Iterator[Finding]:
    names = imported_names(source.nodes)
    for node in source.nodes:
        for base in node.bases if isinstance(node, ast.ClassDef) else []:
            full = origin(base.value if isinstance(base, ast.Subscript) else base, names)
            if full.startswith(SHARED) and not full.startswith(ALLOWED):
                yield base, f"inherits from {full}; call it instead"


RULE = Rule("no-chassis-subclass", _applies, _find)
