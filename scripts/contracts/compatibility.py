"""May this schema follow that one? Full compatibility: old readers read new data, new readers read old data.

A whitelist. Allowed: words for people change, an optional property with a default is added, an enum marked
`x-extensible` grows. Everything else is a break, and so is everything that this check does not know: it fails closed.
"""

from collections.abc import Callable, Iterator
from typing import Any

from scripts.contracts.folders import Json
from scripts.contracts.schemas import inlined

_FOR_PEOPLE = {"$comment", "$schema", "title", "description", "examples", "deprecated"}
_FIXED = {
    "$id", "type", "const", "format", "pattern", "default", "minLength", "maxLength", "minimum", "maximum",
    "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "x-classification",
    "x-extensible", "x-topic",
}  # fmt: skip


def breaks(old: Json, new: Json) -> list[str]:
    """Every reason why `new` may not follow `old`, each with the place it is about."""
    return list(_compare(inlined(old), inlined(new), "/"))


def essence(schema: Json) -> Json:
    """The schema without words for people: two schemas with the same essence are the same version."""
    essence: Json = _without_words(inlined(schema))
    return essence


def _compare(old: Json, new: Json, place: str) -> Iterator[str]:
    for keyword in sorted(old.keys() | new.keys()):
        if keyword in _FOR_PEOPLE:
            continue
        if keyword in _FIXED:
            yield from _fixed(old, new, place, keyword)
        elif keyword in _STRUCTURE:
            yield from _STRUCTURE[keyword](old, new, place)
        else:
            yield f"{place}: keyword {keyword} is not known to the compatibility check"


def _fixed(old: Json, new: Json, place: str, keyword: str) -> Iterator[str]:
    before, after = old.get(keyword, _ABSENT), new.get(keyword, _ABSENT)
    if before != after:
        yield f"{place}: {keyword} changed from {before} to {after}"


def _properties(old: Json, new: Json, place: str) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in sorted(before.keys() - after.keys()):
        yield f"{place}{name}: property removed or renamed"
    for name in sorted(before.keys() & after.keys()):
        yield from _compare(before[name], after[name], f"{place}{name}/")
    for name in sorted(after.keys() - before.keys()):
        if name in new.get("required", []):
            yield f"{place}{name}: required property added"
        elif "default" not in after[name]:
            yield f"{place}{name}: optional property added without a default"
        yield from _unknown_keywords(after[name], f"{place}{name}/")


def _required(old: Json, new: Json, place: str) -> Iterator[str]:
    before, after = set(old.get("required", [])), set(new.get("required", []))
    for name in sorted(before - after):
        yield f"{place}{name}: required became optional"
    for name in sorted((after - before) & old.get("properties", {}).keys()):
        yield f"{place}{name}: optional became required"


def _enum(old: Json, new: Json, place: str) -> Iterator[str]:
    if "enum" not in old or "enum" not in new:
        yield f"{place}: enum added or removed"
        return
    before, after = old["enum"], new["enum"]
    if missing := [value for value in before if value not in after]:
        yield f"{place}: enum values removed: {missing}"
    if (added := [value for value in after if value not in before]) and not old.get("x-extensible"):
        yield f"{place}: values added to a closed enum: {added}"


def _items(old: Json, new: Json, place: str) -> Iterator[str]:
    if not isinstance(old.get("items"), dict) or not isinstance(new.get("items"), dict):
        yield f"{place}: items added, removed or not a schema"
        return
    yield from _compare(old["items"], new["items"], f"{place}[]/")


def _alternatives(old: Json, new: Json, place: str) -> Iterator[str]:
    before, after = old.get("anyOf", []), new.get("anyOf", [])
    if len(before) != len(after):
        yield f"{place}: alternatives changed from {len(before)} to {len(after)}"
        return
    for index, (one, other) in enumerate(zip(before, after, strict=True)):
        yield from _compare(one, other, f"{place}anyOf[{index}]/")


def _additional(old: Json, new: Json, place: str) -> Iterator[str]:
    before, after = old.get("additionalProperties", _ABSENT), new.get("additionalProperties", _ABSENT)
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _compare(before, after, f"{place}*/")
    elif before != after:
        yield f"{place}: additionalProperties changed from {before} to {after}"


def _unknown_keywords(schema: Json, place: str) -> Iterator[str]:
    """A new property is compared with itself: only what the check cannot read remains."""
    return _compare(schema, schema, place)


def _without_words(node: Any) -> Any:
    if isinstance(node, list):
        return [_without_words(value) for value in node]
    if not isinstance(node, dict):
        return node
    kept = {key: value for key, value in node.items() if key not in _FOR_PEOPLE or isinstance(value, dict)}
    return {key: _without_words(value) for key, value in sorted(kept.items())}


_ABSENT = "nothing"
_STRUCTURE: dict[str, Callable[[Json, Json, str], Iterator[str]]] = {
    "properties": _properties,
    "required": _required,
    "enum": _enum,
    "items": _items,
    "anyOf": _alternatives,
    "additionalProperties": _additional,
}
