"""Does every listed consumer handle its topic, and does nobody read a topic that does not list it?

Read from the code: a service handles a topic when its `consumers` module (or package) names an event class of it.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator

from contracts.event import Event
from contracts.topics import Topic
from scripts.rules.syntax import imported_names
from scripts.tree import Source, Workspace

# Reads every topic as raw data for its projections and its lake.
_READS_EVERYTHING = {"analytics"}


def handler_problems(workspace: Workspace, topics: Iterable[Topic], by_type: dict[str, type[Event]]) -> Iterator[str]:
    """Differences between the topic files and what the consumers handle."""
    handled = handled_types(workspace, by_type)
    for topic in topics:
        listed = {group.partition(".")[0] for group in topic.consumers}
        reading = {service for service, types in handled.items() if types & set(topic.types)}
        for service in sorted(listed - reading - _READS_EVERYTHING):
            yield f"{topic.name}: lists {service}, whose consumers handle none of its types"
        for service in sorted(reading - listed):
            yield f"{topic.name}: {service} handles it and is not listed as a consumer"


def handled_types(workspace: Workspace, by_type: dict[str, type[Event]]) -> dict[str, set[str]]:
    """Event types named in the consumers of each service."""
    classes = {f"{model.__module__}.{model.__name__}": type_ for type_, model in by_type.items()}
    found: dict[str, set[str]] = defaultdict(set)
    for source in workspace.sources:
        if source.kind == "service" and source.is_source and source.role == "consumers":
            found[source.member] |= {classes[name] for name in _used(source) if name in classes}
    return dict(found)


def _used(source: Source) -> set[str]:
    """Full names of what the file uses, imports alone not counted."""
    names = imported_names(source.nodes)
    used = {node.id for node in source.nodes if isinstance(node, ast.Name)}
    dotted = {f"{names.get(node.value.id, '')}.{node.attr}" for node in source.nodes if _is_member(node)}  # type: ignore[attr-defined]
    return {names[name] for name in used if name in names} | dotted


def _is_member(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
