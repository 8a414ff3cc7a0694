"""Rules about topics: names, owners, types, partitions, retention, dead letters, versions without gaps."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from contracts.envelope import split_type
from contracts.event import Event
from contracts.topics import FOLDER, Topic, dead_letter_topics
from scripts.contracts.folders import Folders
from scripts.contracts.versions import reserved

_TOPIC = re.compile(r"^(?P<service>[a-z]+)\.(?P<aggregate>[a-z]+(?:-[a-z]+)*)\.v(?P<major>[1-9][0-9]*)$")
_KINDS = {"event", "state", "command", "activity"}
# The gateway has no database to park or dead-letter into; its projections are caches.
_WITHOUT_DEAD_LETTERS = {"gateway"}


def services_of(folders: Folders) -> set[str]:
    """Names of the services of this workspace."""
    return {path.parent.name for path in (folders.root / "services").glob("*/pyproject.toml")}


def topic_policy(topics: Iterable[Topic], by_type: dict[str, type[Event]], services: set[str]) -> Iterator[str]:
    """Everything that is wrong with the topic files."""
    topics = list(topics)
    for topic in topics:
        yield from _names(topic, services)
        yield from _shape(topic)
        yield from _types(topic, by_type)
        yield from _wanted(topic)
    yield from _listed_once(topics, by_type)
    yield from _gaps("topic", [topic.name for topic in topics])
    yield from _gaps("type", by_type)


def file_policy(names: set[str]) -> Iterator[str]:
    """A topic file is called after its topic."""
    files = {path.stem for path in FOLDER.glob("*.yaml")}
    yield from (f"{name}: no file of that name in {FOLDER.name}/" for name in sorted(names - files))
    yield from (f"{name}.yaml: holds another topic" for name in sorted(files - names))


def reserved_policy(folders: Folders, topics: Iterable[Topic], by_type: dict[str, type[Event]]) -> Iterator[str]:
    """Removed names do not come back."""
    for name in sorted(reserved(folders, "types").keys() & by_type.keys()):
        yield f"{name}: the type is reserved: it was used and removed, take another name"
    for name in sorted(reserved(folders, "topics").keys() & {topic.name for topic in topics}):
        yield f"{name}: the topic is reserved: it was used and removed, take another name"


def dead_letter_policy(topics: Iterable[Topic]) -> Iterator[str]:
    """One dead-letter topic for each consumer group and topic, kept longer than what it came from."""
    letters = {topic.name: topic for topic in dead_letter_topics()}
    for topic in topics:
        for group in topic.consumers:
            letter = letters.get(f"dlq.{group}.{topic.name}")
            if group in _WITHOUT_DEAD_LETTERS:
                continue
            if letter is None:
                yield f"{topic.name}: consumer {group} has no dead-letter topic"
            elif topic.retention_ms is not None and (letter.retention_ms or 0) <= topic.retention_ms:
                yield f"{letter.name}: must be kept longer than {topic.name}"


def _names(topic: Topic, services: set[str]) -> Iterator[str]:
    match = _TOPIC.match(topic.name)
    if match is None:
        yield f"{topic.name}: a topic is <service>.<aggregate>.v<major>, lower case, hyphens inside a part"
    elif match["service"] != topic.owner:
        yield f"{topic.name}: owned by {topic.owner}, named after {match['service']}"
    groups = [("owner", topic.owner), *(("producer", name) for name in topic.producers)]
    groups += [("consumer", group.partition(".")[0]) for group in topic.consumers]
    yield from (f"{topic.name}: {role} {name} is no service" for role, name in groups if name not in services)
    if len(set(topic.consumers)) != len(topic.consumers) or not topic.producers:
        yield f"{topic.name}: needs a producer, and each consumer once"


def _shape(topic: Topic) -> Iterator[str]:
    if topic.kind not in _KINDS:
        yield f"{topic.name}: kind {topic.kind} is not one of {', '.join(sorted(_KINDS))}"
    if topic.compacted != (topic.kind == "state"):
        yield f"{topic.name}: state topics are compacted, and only they"
    if topic.partitions < 12 or topic.partitions % 12:
        yield f"{topic.name}: {topic.partitions} partitions; a multiple of 12 balances over 2, 3, 4, 6 and 12 readers"
    if (topic.kind == "command") != (topic.name.split(".")[1] == "commands"):
        yield f"{topic.name}: commands live on <receiver>.commands.v<major>, and nothing else does"
    if not topic.key.strip():
        yield f"{topic.name}: says nothing about its key"


def _types(topic: Topic, by_type: dict[str, type[Event]]) -> Iterator[str]:
    for type_ in topic.types:
        model = by_type.get(type_)
        if model is None:
            yield f"{topic.name}: {type_} has no class"
        elif model.topic != topic.name:
            yield f"{topic.name}: {type_} says that it belongs to {model.topic}"
        if type_.partition(".")[0] != topic.owner:
            yield f"{topic.name}: {type_} is not named after {topic.owner}"
        if (topic.kind == "state") != split_type(type_)[0].endswith("-state"):
            yield f"{topic.name}: a state topic carries ...-state types, and only it does: {type_}"


def _wanted(topic: Topic) -> Iterator[str]:
    for group, types in topic.wanted.items():
        for type_ in sorted(types - set(topic.types)):
            yield f"{topic.name}: {group} wants {type_}, which the topic does not carry"
        if not types:
            yield f"{topic.name}: {group} reads it and wants none of its types"


def _listed_once(topics: list[Topic], by_type: dict[str, type[Event]]) -> Iterator[str]:
    listed: dict[str, list[str]] = defaultdict(list)
    for topic in topics:
        for type_ in topic.types:
            listed[type_].append(topic.name)
    for type_ in by_type:
        if len(listed[type_]) != 1:
            yield f"{type_}: listed by {len(listed[type_])} topics, must be one"


def _gaps(kind: str, names: Iterable[str]) -> Iterator[str]:
    majors: dict[str, set[int]] = defaultdict(set)
    for name in names:
        stem, _, major = name.rpartition(".v")
        majors[stem].add(int(major) if major.isdigit() else 0)
    for stem, found in sorted(majors.items()):
        if found != set(range(1, max(found) + 1)):
            yield f"{kind} {stem}: versions {sorted(found)} have a gap"
