"""Check today's schemas and topic files against every version ever published, and keep superseded versions."""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import yaml

from scripts.contracts.compatibility import breaks, essence
from scripts.contracts.folders import SCHEMAS, TOPICS, Folders, Json, dump, load
from scripts.contracts.history import committed_versions

_MAY_CHANGE = {"owner", "producers", "consumers", "retention_days"}


def published_schemas(folders: Folders) -> dict[str, list[Json]]:
    """Every version of every type: from git history where there is one, and from `schemas/superseded`."""
    found: dict[str, list[Json]] = defaultdict(list)
    for version in committed_versions(folders.root, SCHEMAS):
        _add(found[_type_of(version.path)], json.loads(version.text))
    for path in sorted(folders.superseded.glob("*/*.json")):
        _add(found[path.parent.name], load(path))
    return dict(found)


def schema_problems(folders: Folders, current: dict[str, Json]) -> Iterator[str]:
    """Removed types and incompatible changes of types that still exist."""
    retired = reserved(folders, "types")
    for type_, versions in published_schemas(folders).items():
        if type_ in current:
            yield from (f"{type_}: {reason}" for old in versions for reason in breaks(old, current[type_]))
        elif type_ not in retired:
            yield f"{type_}: the type was removed; keep its schema and list it in reserved.yaml with a reason"


def topic_problems(folders: Folders) -> Iterator[str]:
    """Removed topics, and changes of key, kind, partitions or clean-up that need a new major version."""
    retired = reserved(folders, "topics")
    for version in committed_versions(folders.root, TOPICS):
        name, path = version.path.stem, folders.root / version.path
        if path.exists():
            yield from topic_breaks(yaml.safe_load(version.text), yaml.safe_load(path.read_text(encoding="utf-8")))
        elif name not in retired:
            yield f"{name}: the topic was removed; list it in reserved.yaml with a reason"


def topic_breaks(old: Json, new: Json) -> Iterator[str]:
    """Every reason why one topic file may not follow another."""
    name = old.get("name", "?")
    for field in sorted((old.keys() | new.keys()) - _MAY_CHANGE - {"types"}):
        if old.get(field) != new.get(field):
            yield f"{name}: {field} changed from {old.get(field)} to {new.get(field)}: that is a new major version"
    if ("compact" in (old["retention_days"], new["retention_days"])) and old["retention_days"] != new["retention_days"]:
        yield f"{name}: a topic is compacted for life or never"
    for type_ in sorted(set(old["types"]) - set(new["types"])):
        yield f"{name}: {type_} left the topic; old records of it are still there"


def keep_superseded(folders: Folders, new: dict[str, Json]) -> list[str]:
    """Copy each committed version that `new` replaces to `schemas/superseded`; the names of what was written."""
    written = []
    for type_, versions in published_schemas(folders).items():
        kept = [essence(load(path)) for path in sorted((folders.superseded / type_).glob("*.json"))]
        for version in versions:
            if essence(version) not in [*kept, essence(new.get(type_, version))]:
                kept.append(essence(version))
                path = folders.superseded / type_ / f"{len(kept)}.json"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(dump(version), encoding="utf-8")
                written.append(str(path.relative_to(folders.root)))
    return written


def reserved(folders: Folders, kind: str) -> dict[str, Any]:
    """Names that were used once and may not come back: `types`, `topics` or `fields`, each with a reason."""
    document = yaml.safe_load(folders.reserved.read_text(encoding="utf-8")) or {}
    return document.get(kind) or {}


def _type_of(path: PurePosixPath) -> str:
    return path.parent.name if path.parent.parent.name == "superseded" else path.stem


def _add(versions: list[Json], schema: Json) -> None:
    if schema not in versions:
        versions.append(schema)
