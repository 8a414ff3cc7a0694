"""The document's operations flattened for a page of text: one line per field, references followed once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_METHODS = ("get", "post", "put", "patch", "delete")
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Field:
    """``name`` is a dotted path; ``kind`` reads like "text", "list of text", "number (0 to 5)"."""

    name: str
    kind: str
    required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    anchor: str
    summary: str
    description: str
    group: str
    parameters: list[Field] = field(default_factory=list)
    body: list[Field] = field(default_factory=list)
    answers: list[tuple[str, str, list[Field]]] = field(default_factory=list)


def operations(document: dict[str, Any]) -> dict[str, list[Operation]]:
    """Operations by group, in the document's order."""
    groups: dict[str, list[Operation]] = {}
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                operation = _operation(document, path, method, item[method])
                groups.setdefault(operation.group, []).append(operation)
    return groups


def _operation(document: dict[str, Any], path: str, method: str, raw: dict[str, Any]) -> Operation:
    body = _content(raw.get("requestBody", {}))
    answers = [
        (status, answer.get("description", ""), list(_fields(document, _content(answer))))
        for status, answer in raw.get("responses", {}).items()
    ]
    return Operation(
        method=method.upper(),
        path=path,
        anchor=re.sub(r"[^a-z0-9]+", "-", f"{method} {path}".lower()).strip("-"),
        summary=raw.get("summary", ""),
        description=raw.get("description", ""),
        group=(raw.get("tags") or ["gateway"])[0],
        parameters=[_parameter(document, parameter) for parameter in raw.get("parameters", ())],
        body=list(_fields(document, body)),
        answers=answers,
    )


def _parameter(document: dict[str, Any], raw: dict[str, Any]) -> Field:
    return Field(f"{raw['name']} ({raw['in']})", _kind(document, raw.get("schema", {})), bool(raw.get("required")))


def _content(holder: dict[str, Any]) -> dict[str, Any]:
    for media_type in ("application/json", "application/problem+json", "text/event-stream"):
        if media_type in (content := holder.get("content", {})):
            schema: dict[str, Any] = content[media_type].get("schema", {})
            return schema
    return {}


def _fields(document: dict[str, Any], schema: dict[str, Any], prefix: str = "", depth: int = 0) -> Iterator[Field]:
    schema = _resolved(document, schema)
    if schema.get("type") == "array":
        yield from _fields(document, schema.get("items", {}), f"{prefix}[].", depth)
        return
    for name, raw in schema.get("properties", {}).items():
        yield Field(f"{prefix}{name}", _kind(document, raw), name in schema.get("required", ()))
        if depth < _DEEPEST:
            yield from _fields(document, _inside(document, raw), f"{prefix}{name}{_suffix(document, raw)}", depth + 1)


def _inside(document: dict[str, Any], raw: dict[str, Any]) -> dict[str, Any]:
    schema = _resolved(document, raw)
    inner: dict[str, Any] = schema.get("items", {}) if schema.get("type") == "array" else schema
    return inner


def _suffix(document: dict[str, Any], raw: dict[str, Any]) -> str:
    return "[]." if _resolved(document, raw).get("type") == "array" else "."


def _kind(document: dict[str, Any], raw: dict[str, Any]) -> str:
    schema = _resolved(document, raw)
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {_kind(document, schema.get('items', {}))}"
    kind = str(schema.get("format") or schema.get("type") or "any")
    limits = [
        f"{word} {schema[key]}"
        for key, word in (("minimum", "from"), ("maximum", "to"), ("maxLength", "at most"))
        if key in schema
    ]
    return f"{kind} ({', '.join(limits)})" if limits else kind


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference; an optional value is described by what it is when it is there."""
    for option in schema.get("anyOf", ()):
        if option.get("type") != "null":
            return _resolved(document, option)
    if "$ref" not in schema:
        return schema
    name = schema["$ref"].rsplit("/", 1)[-1]
    found: dict[str, Any] = document["components"]["schemas"].get(name, {})
    return _resolved(document, found)
