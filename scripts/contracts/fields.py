"""What an event may carry: every field is classified, no personal data travels, names of removed fields stay dead."""

from collections.abc import Iterator

import yaml

from scripts.contracts.folders import Folders, Json
from scripts.contracts.schemas import inlined
from scripts.contracts.versions import reserved

CLASSES = {"public", "internal", "pseudonymous", "personal", "confidential"}
_NEEDS_REASON = {"personal", "confidential"}
# Names that announce a person. They are refused by name, whatever tag they carry.
_PERSONAL_NAMES = {
    "address", "birth_date", "birthday", "email", "first_name", "full_name", "iban", "ip", "ip_address", "last_name",
    "line1", "line2", "mail", "message_text", "phone", "phone_number", "street", "surname", "tax_number",
}  # fmt: skip


def field_problems(folders: Folders, schemas: dict[str, Json]) -> Iterator[str]:
    """Fields without a classification, personal fields without a reason, reused names."""
    reasons = yaml.safe_load(folders.classified.read_text(encoding="utf-8")) or {}
    dead = reserved(folders, "fields")
    for type_, schema in schemas.items():
        for place, leaf in leaves(inlined(schema), ""):
            yield from _leaf_problems(type_, place, leaf, reasons.get(type_) or {})
        for place in _names(inlined(schema), ""):
            if place in (dead.get(type_.rsplit(".v", 1)[0]) or {}):
                yield f"{type_}: {place} is reserved: the name was used and removed, take another"


def leaves(schema: Json, place: str) -> Iterator[tuple[str, Json]]:
    """Every value that is not an object or a list, with its path (`seller_orders.lines.title.fr`)."""
    children = [*schema.get("properties", {}).items()]
    nested = [schema["items"]] if "items" in schema else []
    nested += [option for option in schema.get("anyOf", []) if option.get("type") != "null"]
    for name, child in children:
        yield from leaves(child, f"{place}.{name}" if place else name)
    for child in nested:
        yield from leaves(child, place)
    if not children and not nested:
        yield place, schema


def _names(schema: Json, place: str) -> set[str]:
    paths = {path for path, _ in leaves(schema, place)}
    return {".".join(path.split(".")[:depth]) for path in paths for depth in range(1, path.count(".") + 2)}


def _leaf_problems(type_: str, place: str, leaf: Json, reasons: Json) -> Iterator[str]:
    tag, name = leaf.get("x-classification"), place.rsplit(".", 1)[-1]
    if tag not in CLASSES:
        yield f"{type_}: {place} has no classification (one of {', '.join(sorted(CLASSES))})"
    if tag in _NEEDS_REASON and not reasons.get(place):
        yield f"{type_}: {place} is {tag}; events hold references only, or classified.yaml says why"
    if name in _PERSONAL_NAMES and not reasons.get(place):
        yield f"{type_}: {place} sounds like personal data; publish a reference, or classified.yaml says why"
