"""Does every listed consumer handle its topic, and does nobody read a topic that does not list it?

Read from the code: a service handles a topic when its `consumers` module (or package) names an event class of it, and its
consumer groups are the `group=` of its `Subscription(...)` calls.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator

from contracts.event import Event
from contracts.registry import MODULES
from contracts.topics import Topic
from scripts.rules.syntax import dotted, imported_names
from scripts.tree import Source, Workspace

# Analytics reads every topic as raw data for its projections and its lake. The gateway's readers live beside its caches and
# live updates, and some only need to know that something happened on a topic.
_READS_EVERYTHING = {"analytics"}
_READS_ANYWHERE = {"gateway"}
_TOPIC_NAMES = {
    f"{module.__name__}.{name}": value
    for module in MODULES
    for name, value in vars(module).items()
    if name.isupper() and isinstance(value, str)
}


def handler_problems(workspace: Workspace, topics: Iterable[Topic], by_type: dict[str, type[Event]]) -> Iterator[str]:
    """Differences between the topic files and what the consumers handle."""
    topics = list(topics)
    handled = handled_types(workspace, by_type)
    for topic in topics:
        listed = {group.partition(".")[0] for group in topic.consumers}
        reading = {service for service, types in handled.items() if types & set(topic.types)}
        for service in sorted(listed - reading - _READS_EVERYTHING):
            yield f"{topic.name}: lists {service}, whose consumers handle none of its types"
        for service in sorted(reading - listed - set(topic.producers)):
            yield f"{topic.name}: {service} handles it and is not listed as a consumer"
        yield from _wanted_problems(topic, handled)
    yield from _group_problems(workspace, {group for topic in topics for group in topic.consumers})


def _wanted_problems(topic: Topic, handled: dict[str, set[str]]) -> Iterator[str]:
    """What a group does not list never reaches its code, so both must name the same types."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for group, types in topic.wanted.items():
        wanted[group.partition(".")[0]] |= types
    for service in sorted(wanted.keys() - _READS_EVERYTHING - _READS_ANYWHERE):
        coded = handled.get(service, set()) & set(topic.types)
        if not coded:
            continue
        yield from (
            f"{topic.name}: {service} handles {type_} and does not list it" for type_ in sorted(coded - wanted[service])
        )
        yield from (
            f"{topic.name}: lists {type_} for {service}, whose consumers do not handle it"
            for type_ in sorted(wanted[service] - coded)
        )


def _group_problems(workspace: Workspace, listed: set[str]) -> Iterator[str]:
    used: dict[str, set[str]] = defaultdict(set)
    for source in workspace.sources:
        if source.kind == "service" and source.is_source:
            used[source.member] |= set(_groups(source))
    for service, groups in sorted(used.items()):
        expected = {group for group in listed if group.partition(".")[0] == service}
        if groups and groups != expected:
            yield f"{service}: subscribes as {sorted(groups)}, topic files list {sorted(expected)}"


def _groups(source: Source) -> Iterator[str]:
    constants = {
        dotted(statement.targets[0]): statement.value.value
        for statement in source.tree.body
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
    }
    for node in source.nodes:
        if isinstance(node, ast.Call) and dotted(node.func).rsplit(".", 1)[-1] == "Subscription":
            for keyword in node.keywords:
                if keyword.arg == "group":
                    value = keyword.value
                    yield str(value.value if isinstance(value, ast.Constant) else constants.get(dotted(value), "?"))


def handled_types(workspace: Workspace, by_type: dict[str, type[Event]]) -> dict[str, set[str]]:
    """Event types named in the consumers of each service."""
    classes = {f"{model.__module__}.{model.__name__}": type_ for type_, model in by_type.items()}
    found: dict[str, set[str]] = defaultdict(set)
    for source in workspace.sources:
        if source.kind == "service" and source.is_source and source.member in _READS_ANYWHERE:
            topics = {_TOPIC_NAMES[name] for name in _used(source) if name in _TOPIC_NAMES}
            found[source.member] |= {type_ for type_, model in by_type.items() if model.topic in topics}
        is_reader = source.role == "consumers" or source.member in _READS_ANYWHERE
        if source.kind == "service" and source.is_source and is_reader:
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
