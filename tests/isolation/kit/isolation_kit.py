"""The matrix: every operation of every document, asked by everybody, with the ids of one story."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from audiences import BODIES, EVERYBODY, QUERIES, ROUTES, SAME_NAME, Audience
from internal_tokens import Document

_NAME = re.compile(r"\{([^}]*)\}")
_ENDLESS = ("GET /v1/orders/{order_id}/events",)


@dataclass(frozen=True)
class Operation:
    """One method of one path of a document; ``path`` with the names of ids that the gateway uses."""

    method: str
    path: str
    raw: Document

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def audience(self) -> Audience:
        return ROUTES[self.name]

    @property
    def takes_body(self) -> bool:
        return "application/json" in self.raw.get("requestBody", {}).get("content", {})

    @property
    def media_type(self) -> str:
        """Of its body."""
        return next(iter(self.raw.get("requestBody", {}).get("content", {})), "application/json")

    def address(self, ids: Mapping[str, str]) -> str:
        return _NAME.sub(lambda found: ids[found[1]], self.path) + QUERIES.get(self.name, "")

    def body(self, ids: Mapping[str, str]) -> Any:
        if not self.takes_body:
            return None
        text = json.dumps(BODIES[self.name])
        return json.loads(text.replace("{line_id}", ids["line_id"]))


def operations(document: Document) -> list[Operation]:
    return [
        Operation(method.upper(), _ours(path), raw)
        for path, item in document["paths"].items()
        for method, raw in item.items()
    ]


def _ours(path: str) -> str:
    return _NAME.sub(lambda found: f"{{{SAME_NAME.get(found[1], found[1])}}}", path)


def undeclared(found: Iterable[Operation], ids: Mapping[str, str]) -> list[str]:
    """What a new route lacks before it can be in the matrix: an audience, an id of the story, a valid body."""
    missing = []
    for one in found:
        if one.name not in ROUTES:
            missing.append(f"{one.name}: no audience in audiences.ROUTES")
        missing += [f"{one.name}: the story has no {name}" for name in _NAME.findall(one.path) if name not in ids]
        if one.takes_body and one.name not in BODIES:
            missing.append(f"{one.name}: no valid body in audiences.BODIES")
    return missing


def refusals(one: Operation, who: str) -> tuple[int, ...]:
    """The statuses that ``who`` may get for what is not theirs; empty when they may have it."""
    audience = one.audience
    if who in audience.value:
        return ()
    if audience is Audience.PROVED:
        return (400, 401)
    if who == "visitor":
        return (401,)
    if audience in (Audience.OPERATOR, Audience.ADMIN, Audience.SERVICE):
        return (403,)
    if audience in (Audience.BUYER, Audience.BUYER_OR_OPERATOR):
        return (404,)
    return (404,) if who == "other seller" else (403, 404)


def is_tried(one: Operation, who: str) -> bool:
    """Everything that must be refused, and reads by those who may: their writes would change the story."""
    if refusals(one, who):
        return True
    return one.method == "GET" and one.name not in _ENDLESS


def everybody_for(one: Operation) -> list[str]:
    return [who for who in EVERYBODY if is_tried(one, who)]


def undocumented(value: Any, schema: Document, schemas: Document, at: str = "") -> list[str]:
    """Fields of an answer that its document does not name (S3)."""
    if "$ref" in schema:
        return undocumented(value, schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas, at)
    options = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    if options:
        return min((undocumented(value, option, schemas, at) for option in options), key=len)
    if isinstance(value, list):
        items = _items(schema)
        return [found for one in value for found in undocumented(one, items, schemas, f"{at}[]")] if items else []
    if not isinstance(value, dict):
        return []
    properties = _properties(schema, schemas)
    found = []
    for name, inner in value.items():
        if name in properties:
            found += undocumented(inner, properties[name], schemas, f"{at}.{name}")
        elif isinstance(beside := schema.get("additionalProperties"), dict):
            found += undocumented(inner, beside, schemas, f"{at}.{name}")
        elif properties:
            found.append(f"{at}.{name}")
    return found


def _properties(schema: Document, schemas: Document) -> Document:
    """Of an object, its parts included."""
    if "$ref" in schema:
        return _properties(schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas)
    parts = [*schema.get("allOf", ()), *schema.get("anyOf", ())]
    merged: Document = {}
    for part in (*(_properties(part, schemas) for part in parts), schema.get("properties", {})):
        merged |= {name: {"allOf": [merged[name], found]} if name in merged else found for name, found in part.items()}
    return merged


def _items(schema: Document) -> Document:
    """Of a list, or of the lists that are its parts."""
    parts = [_items(part) for part in schema.get("allOf", ())]
    return {"allOf": parts} if parts else schema.get("items", {})
