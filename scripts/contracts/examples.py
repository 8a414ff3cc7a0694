"""Golden messages: whole records (key, headers, value) that stay for ever.

Each one parses with today's classes; each one written with today's classes fits every older schema of its type.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs

from contracts.parse import Unreadable, parse
from scripts.contracts.fields import leaves
from scripts.contracts.folders import EXAMPLES, Folders, Json, dump, load
from scripts.contracts.history import committed_versions
from scripts.contracts.schemas import inlined, opened

STUB = "to be filled by hand"


def example_problems(folders: Folders, schemas: dict[str, Json], published: dict[str, list[Json]]) -> Iterator[str]:
    """Everything that is wrong with the golden messages."""
    found = read_examples(folders)
    for type_, schema in schemas.items():
        yield from _coverage(type_, schema, list(found.get(type_, {}).values()))
    for type_, examples in found.items():
        if type_ not in schemas and type_ not in published:
            yield f"examples/{type_}: there is no such type"
        for path, example in examples.items():
            name = str(path.relative_to(folders.root))
            yield from (f"{name}: {reason}" for reason in _reasons(type_, example, schemas, published))
    yield from _edited(folders)


def read_examples(folders: Folders) -> dict[str, dict[Path, Json]]:
    """Examples by type and file."""
    found: dict[str, dict[Path, Json]] = defaultdict(dict)
    for path in sorted(folders.examples.glob("*/*.json")):
        found[path.parent.name][path] = load(path)
    return dict(found)


def write_stub(folders: Folders, type_: str, schema: Json) -> Path | None:
    """A first example for a type that has none, with every field; the check refuses it until it is filled."""
    folder = folders.examples / type_
    if any(folder.glob("*.json")):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "first.json"
    path.write_text(
        dump({"key": STUB, "headers": {"ce_type": type_}, "value": _sample(inlined(schema))}), encoding="utf-8"
    )
    return path


def headers_of(example: Json) -> list[tuple[str, bytes]]:
    """The record headers of an example as Kafka would hand them over."""
    return [(name, str(value).encode()) for name, value in example["headers"].items()]


def _reasons(type_: str, example: Json, schemas: dict[str, Json], published: dict[str, list[Json]]) -> Iterator[str]:
    if STUB in json.dumps(example):
        yield "still a stub: fill it with believable invented data"
        return
    if type_ in schemas:
        try:
            parsed = parse(headers_of(example), json.dumps(example["value"]).encode())
        except Unreadable as error:
            yield f"today's reader refuses it: {error}"
            return
        if parsed.envelope.type != type_ or parsed.data is None or parsed.envelope.subject != example["key"]:
            yield "ce_type must name the folder and ce_subject must equal the key"
            return
        written = json.loads(parsed.data.to_json())
        yield from _misfits(written, schemas[type_], "today's schema")
        for number, old in enumerate(published.get(type_, []), start=1):
            yield from _misfits(written, opened(old), f"published version {number}")


def _misfits(value: Any, schema: Json, name: str) -> Iterator[str]:
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    yield from (f"{name} refuses it: {error.message}" for error in validator.iter_errors(value))


def _coverage(type_: str, schema: Json, examples: list[Json]) -> Iterator[str]:
    if not examples:
        yield f"{type_}: no golden example; `make contracts` writes a stub"
    filled = {path for example in examples for path in _paths(example["value"], "")}
    missing = sorted({place for place, _ in leaves(inlined(schema), "")} - filled)
    if examples and missing:
        yield f"{type_}: no example fills {', '.join(missing)}; add one (never edit an old one)"


def _edited(folders: Folders) -> Iterator[str]:
    """A committed example is a promise: it is neither edited nor deleted."""
    first: dict[Path, str] = {}
    for version in committed_versions(folders.root, EXAMPLES):
        first.setdefault(folders.root / version.path, version.text)
    for path, text in first.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            yield f"{path.relative_to(folders.root)}: golden examples are added, never edited or deleted"


def _paths(value: Any, place: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, child in value.items():
            yield from _paths(child, f"{place}.{name}" if place else name)
    elif isinstance(value, list):
        for child in value:
            yield from _paths(child, place)
    elif value is not None:
        yield place


def _sample(schema: Json) -> Any:
    if "properties" in schema:
        return {name: _sample(child) for name, child in schema["properties"].items()}
    if "items" in schema:
        return [_sample(schema["items"])]
    if "anyOf" in schema:
        return _sample(schema["anyOf"][0])
    return {"integer": 1, "boolean": True}.get(schema.get("type", ""), STUB)
