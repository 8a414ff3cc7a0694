"""No service imports another: they meet in `contracts`, over Kafka or over HTTP. Holds for their tests as well."""

import ast
from collections.abc import Iterator

from scripts.rules.syntax import dotted, imported_modules
from scripts.rules.violation import Finding, Rule
from scripts.tree import Source, Workspace


def _applies(source: Source) -> bool:
    return source.kind in ("service", "lib")


def _find(source: Source, workspace: Workspace) -> Iterator[Finding]:
    others = workspace.services - {source.member if source.kind == "service" else ""}
    for node in source.nodes:
        modules = {*imported_modules(node), *_loaded_by_name(node)}
        foreign = sorted({module.split(".")[0] for module in modules} & others)
        if foreign:
            yield node, f"{source.member} imports the service {foreign[0]}; agree on an event or call its API"


def _loaded_by_name(node: ast.AST) -> Iterator[str]:
    """`import_module("payment.domain")` is an import as well."""
    if isinstance(node, ast.Call) and dotted(node.func).rsplit(".", 1)[-1] in ("import_module", "__import__"):
        yield from (str(argument.value) for argument in node.args[:1] if isinstance(argument, ast.Constant))


RULE = Rule("service-imports", _applies, _find)
