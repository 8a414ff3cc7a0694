"""No service imports another: they meet in `contracts`, over Kafka or over HTTP. Holds for their tests as well."""

from collections.abc import Iterator

from scripts.rules.syntax import imported_modules
from scripts.rules.violation import Finding, Rule
from scripts.tree import Source, Workspace


def _applies(source: Source) -> bool:
    return source.kind in ("service", "lib")


def _find(source: Source, workspace: Workspace) -> Iterator[Finding]:
    others = workspace.services - {source.member if source.kind == "service" else ""}
    for node in source.nodes:
        foreign = sorted({module.split(".")[0] for module in imported_modules(node)} & others)
        if foreign:
            yield node, f"{source.member} imports the service {foreign[0]}; agree on an event or call its API"


RULE = Rule("service-imports", _applies, _find)
