"""One document of many: for each route of the table the operation of its service, under the gateway's own conventions."""

import copy
import re
from collections.abc import Iterable, Mapping
from itertools import zip_longest
from typing import Any

from edge.document import PROBLEM
from gateway.document.own import DESCRIPTION, OWN, SECURITY_SCHEMES
from gateway.document.parts import OPENED, PARTS, WAITING
from gateway.table.route import Access, Route

Document = dict[str, Any]
_NAME = re.compile(r"\{[^}]*\}")
_KEY = "Idempotency-Key"
"""Services name it where they honour it without asking for it."""
_REFERENCE = "#/components/schemas/"
_BROKEN_NAME = re.compile(r"[^A-Za-z0-9._-]+")


class NotDocumented(ValueError):
    """A route of the table that its service does not have: the table is wrong, or the service is behind."""


def merged(routes: Iterable[Route], documents: Mapping[str, Document]) -> Document:
    """Raise ``NotDocumented`` naming every public route without an operation upstream."""
    paths: dict[str, Document] = {}
    missing = []
    for route in routes:
        operation = OWN.get(route.view or "") if route.upstream == "gateway" else _found(route, documents)
        if operation is None:
            missing.append(f"{route.method} {route.path} ({route.upstream})")
            continue
        paths.setdefault(route.path, {})[route.method.lower()] = _conventional(route, copy.deepcopy(operation))
    if missing:
        raise NotDocumented("no operation for " + ", ".join(missing))
    schemas = {"Problem": PROBLEM}
    for name, document in documents.items():
        schemas |= _schemas(name, document)
    for name in _composed(paths):
        schemas[name].pop("additionalProperties", None)
    used = _reachable(paths, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Halles API", "version": "1", "description": DESCRIPTION},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {name: schemas[name] for name in sorted(used)},
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


def _found(route: Route, documents: Mapping[str, Document]) -> Document | None:
    """The upstream's operation with the same path; its own names of ids are replaced by ours."""
    if route.access is Access.SIGNED or route.view == "order-events":
        return OWN[route.view or "webhook"]
    method, candidates = route.method.lower(), documents[route.upstream]["paths"]
    for path, item in sorted(candidates.items(), key=lambda entry: entry[0].count("{")):
        names = _same_path(path, route.path)
        if names is not None and method in item:
            return _renamed(_qualified(route.upstream, item[method]), names)
    return None


def _same_path(theirs: str, ours: str) -> dict[str, str | None] | None:
    """Their names of ids -> ours, None for an id that is a fixed word here (``current``); None when the paths differ."""
    pairs = list(zip_longest(theirs.split("/"), ours.split("/"), fillvalue=""))
    if any(their != our and not their.startswith("{") for their, our in pairs):
        return None
    ids = ((their, our) for their, our in pairs if their.startswith("{"))
    return {their.strip("{}"): our.strip("{}") if our.startswith("{") else None for their, our in ids}


def _renamed(operation: Document, names: dict[str, str | None]) -> Document:
    parameters = []
    for parameter in operation.get("parameters", ()):
        name = names.get(parameter["name"]) if parameter["in"] == "path" else parameter["name"]
        if name is not None:
            parameters.append({**parameter, "name": name})
    return {**{key: value for key, value in operation.items() if key != "parameters"}, "parameters": parameters}


def _conventional(route: Route, operation: Document) -> Document:
    """Our own tags, ids, security, headers, composed parts and problems."""
    operation["tags"] = [_group(route)]
    operation["operationId"] = _BROKEN_NAME.sub("-", f"{route.method.lower()}{_NAME.sub('by-id', route.path)}").strip(
        "-"
    )
    parameters = [item for item in operation.get("parameters", []) if item["in"] != "header" or item["name"] == _KEY]
    parameters += _headers(route)
    for name in ("parameters", "security", "x-roles"):
        operation.pop(name, None)
    if parameters:
        operation["parameters"] = parameters
    operation["security"] = _security(route)
    responses = {
        status: answer for status, answer in operation["responses"].items() if status not in ("422", "default")
    }
    if route.view in PARTS:
        _compose(responses, PARTS[route.view])
    if route.view == "sign-in":
        responses["201"]["content"] = _json(OPENED)
    if route.view in WAITING:
        responses["200"] = {
            "description": "Decided within `Prefer: wait`",
            "content": _json({"allOf": WAITING[route.view]}),
        }
    responses["default"] = {
        "description": "A problem (RFC 9457)",
        "content": {"application/problem+json": {"schema": {"$ref": f"{_REFERENCE}Problem"}}},
    }
    operation["responses"] = responses
    if route.roles:
        operation["x-roles"] = list(route.roles)
    return operation


def _compose(responses: Document, parts: Document) -> None:
    """The required part's own schema, and the optional parts beside it."""
    for answer in responses.values():
        for content in answer.get("content", {}).values():
            beside = {"type": "object", "properties": parts, "required": sorted(parts)}
            content["schema"] = {"allOf": [content["schema"], beside]}


def _json(schema: Document) -> Document:
    return {"application/json": {"schema": schema}}


def _headers(route: Route) -> list[Document]:
    headers: list[Document] = []
    if route.keyed:
        headers.append(_header(_KEY, required=True))
    if route.view in WAITING:
        headers.append(_header("Prefer"))
    if route.view in ("cart", "checkout"):
        headers.append(_header("Halles-Cart"))
    return headers


def _header(name: str, *, required: bool = False) -> Document:
    return {"name": name, "in": "header", "required": required, "schema": {"type": "string"}}


def _security(route: Route) -> list[Document]:
    signed_in: list[Document] = [{"session": []}, {"bearer": []}]
    if route.access is Access.ACCOUNT:
        return signed_in
    return [{}, *signed_in] if route.access is Access.EITHER else [{}]


def _group(route: Route) -> str:
    if route.path.startswith("/v1/operator/"):
        return "operators"
    if route.path.startswith("/v1/sellers/") and route.access is Access.ACCOUNT:
        return "sellers"
    return route.upstream


def _schemas(service: str, document: Document) -> Document:
    found = document.get("components", {}).get("schemas", {})
    return {_own_name(service, name): _qualified(service, schema) for name, schema in found.items()}


def _own_name(service: str, name: str) -> str:
    return f"{service}.{_BROKEN_NAME.sub('-', name).strip('-')}"


def _qualified(service: str, part: Any) -> Any:
    """A copy whose references name the service that they come from."""
    if isinstance(part, dict):
        return {
            key: f"{_REFERENCE}{_own_name(service, value.removeprefix(_REFERENCE))}"
            if key == "$ref" and isinstance(value, str)
            else _qualified(service, value)
            for key, value in part.items()
        }
    return [_qualified(service, item) for item in part] if isinstance(part, list) else part


def _composed(part: Any) -> Iterable[str]:
    """Schemas that are one of several parts of an answer: a closed one would forbid the fields of the others."""
    if isinstance(part, dict):
        yield from _references(part.get("allOf", ()))
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _composed(inner)


def _reachable(start: Any, schemas: Document) -> set[str]:
    found: set[str] = set()
    waiting = list(_references(start))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(_references(schemas[name]))
    return found


def _references(part: Any) -> Iterable[str]:
    if isinstance(part, dict):
        if isinstance(reference := part.get("$ref"), str):
            yield reference.removeprefix(_REFERENCE)
        for value in part.values():
            yield from _references(value)
    elif isinstance(part, list):
        for item in part:
            yield from _references(item)
