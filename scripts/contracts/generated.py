"""Every generated file with its content: written by `generate`, compared by `check`."""

from collections.abc import Iterator
from pathlib import Path

from contracts.topics import load as load_topics
from scripts.contracts.asyncapi import groups_of, merged_document, service_document
from scripts.contracts.folders import Folders, Json, dump
from scripts.contracts.policy import services_of
from scripts.contracts.service_map import render
from scripts.contracts.versions import reserved


def generated_files(folders: Folders, schemas: dict[str, Json]) -> dict[Path, str]:
    """Path to text of everything that is derived from classes and topic files."""
    topics, services = load_topics(), services_of(folders)
    files = {folders.schemas / f"{type_}.json": dump(schema) for type_, schema in schemas.items()}
    for service in sorted(services):
        if any(service in topic.producers or groups_of(service, topic) for topic in topics):
            files[folders.asyncapi / f"{service}.json"] = dump(service_document(service, topics, schemas))
    files[folders.asyncapi / "halles.json"] = dump(merged_document(services, topics, schemas))
    files[folders.map] = render(services, topics)
    return files


def write(folders: Folders, files: dict[Path, str]) -> list[str]:
    """Write what differs, remove documents of services that are gone; the names of what changed."""
    changed = []
    for path, text in files.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(str(path.relative_to(folders.root)))
    for path in sorted(folders.asyncapi.glob("*.json")):
        if path not in files:
            path.unlink()
            changed.append(f"{path.relative_to(folders.root)} (removed)")
    return changed


def stale(folders: Folders, files: dict[Path, str]) -> Iterator[str]:
    """Generated files that are missing, out of date or that nothing generates any more."""
    for path, text in files.items():
        if not path.exists():
            yield f"{path.relative_to(folders.root)}: missing; run `make contracts`"
        elif path.read_text(encoding="utf-8") != text:
            yield f"{path.relative_to(folders.root)}: out of date or edited by hand; run `make contracts`"
    retired = reserved(folders, "types")
    found = [*sorted(folders.schemas.glob("*.json")), *sorted(folders.asyncapi.glob("*.json"))]
    for path in found:
        if path not in files and path.stem not in retired:
            yield f"{path.relative_to(folders.root)}: nothing generates it; a removed type is listed in reserved.yaml"
