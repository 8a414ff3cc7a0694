"""Each kind of break is planted on a copy of a real schema; each allowed change passes."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from scripts.contracts.compatibility import breaks, essence
from scripts.contracts.schemas import schema_of

from contracts.order import OrderPlaced

Schema = dict[str, Any]
Change = Callable[[Schema], object]


def remove_field(schema: Schema) -> None:
    del schema["properties"]["number"]
    schema["required"].remove("number")


def rename_field(schema: Schema) -> None:
    schema["properties"]["order_number"] = schema["properties"].pop("number")
    schema["required"][schema["required"].index("number")] = "order_number"


def add_required(schema: Schema) -> None:
    schema["properties"]["channel"] = {"type": "string", "x-classification": "internal"}
    schema["required"].append("channel")


def add_optional(schema: Schema) -> None:
    schema["properties"]["channel"] = {"type": "string", "default": "web", "x-classification": "internal"}


def add_optional_without_default(schema: Schema) -> None:
    schema["properties"]["channel"] = {"type": "string", "x-classification": "internal"}


def add_unreadable_optional(schema: Schema) -> None:
    schema["properties"]["channel"] = {"type": "string", "default": "web", "contentEncoding": "base64"}


def inline_definition(schema: Schema) -> None:
    schema["$defs"]["Amount"] = schema["$defs"].pop("Money")
    for holder in (schema, *schema["$defs"].values()):
        for name, value in holder["properties"].items():
            if value == {"$ref": "#/$defs/Money"}:
                holder["properties"][name] = {"$ref": "#/$defs/Amount"}


def money(schema: Schema) -> Schema:
    amount: Schema = schema["$defs"]["Money"]["properties"]["amount"]
    return amount


BREAKS: list[tuple[str, Change, str]] = [
    ("removed", remove_field, "/number: property removed or renamed"),
    ("renamed", rename_field, "/number: property removed or renamed"),
    ("retyped", lambda s: s["properties"]["number"].update(type="integer"), "type changed"),
    ("retyped deep inside", lambda s: money(s).update(type="number"), "seller_orders/[]/lines/[]/amount/amount/: type"),
    ("required to optional", lambda s: s["required"].remove("number"), "/number: required became optional"),
    ("required added", add_required, "/channel: required property added"),
    ("optional without default", add_optional_without_default, "added without a default"),
    ("bound tightened", lambda s: money(s).update(maximum=10), "maximum changed"),
    ("bound loosened", lambda s: money(s).pop("minimum"), "minimum changed"),
    ("length", lambda s: s["properties"]["number"].update(maxLength=10), "maxLength changed"),
    ("pattern", lambda s: s["$defs"]["Money"]["properties"]["currency"].update(pattern="^EUR$"), "pattern changed"),
    ("format added", lambda s: s["properties"]["number"].update(format="uuid"), "format changed"),
    ("closed to open", lambda s: s.pop("additionalProperties"), "additionalProperties changed"),
    ("list items", lambda s: s["properties"]["seller_orders"].pop("items"), "items added, removed"),
    ("classification", lambda s: s["properties"]["number"].update({"x-classification": "public"}), "x-classification"),
    ("another topic", lambda s: s.update({"x-topic": "order.cart.v1"}), "x-topic changed"),
    ("unknown keyword", lambda s: s["properties"]["number"].update(contentEncoding="base64"), "contentEncoding is not"),
    ("unknown keyword in a new field", add_unreadable_optional, "contentEncoding is not known"),
    ("if and then", lambda s: s.update({"if": {}, "then": {}}), "keyword if is not known"),
]

ALLOWED: list[tuple[str, Change]] = [
    ("optional with default", add_optional),
    ("description", lambda s: s.update(description="Other words.")),
    ("title", lambda s: s["properties"]["number"].update(title="Order number")),
    ("deprecated", lambda s: s["properties"]["number"].update(deprecated=True)),
    ("definition renamed", inline_definition),
]


@pytest.fixture
def schema() -> Schema:
    return schema_of(OrderPlaced)


def changed(schema: Schema, change: Change) -> Schema:
    twin = copy.deepcopy(schema)
    change(twin)
    return twin


@pytest.mark.parametrize(("change", "reason"), [case[1:] for case in BREAKS], ids=[case[0] for case in BREAKS])
def test_a_break_is_named_with_its_place(schema: Schema, change: Change, reason: str) -> None:
    found = breaks(schema, changed(schema, change))

    assert any(reason in line for line in found), found


@pytest.mark.parametrize("change", [case[1] for case in ALLOWED], ids=[case[0] for case in ALLOWED])
def test_an_allowed_change_passes(schema: Schema, change: Change) -> None:
    assert breaks(schema, changed(schema, change)) == []


def test_an_unchanged_schema_passes(schema: Schema) -> None:
    assert breaks(schema, schema) == []


def test_optional_may_not_become_required(schema: Schema) -> None:
    with_optional = changed(schema, add_optional)

    found = breaks(with_optional, changed(with_optional, lambda s: s["required"].append("channel")))

    assert found == ["/channel: optional became required"]


def test_the_default_of_an_optional_field_stays(schema: Schema) -> None:
    with_optional = changed(schema, add_optional)

    found = breaks(with_optional, changed(with_optional, lambda s: s["properties"]["channel"].update(default="app")))

    assert found == ["/channel/: default changed from web to app"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ({"enum": ["a", "b"]}, {"enum": ["a"]}, "values removed"),
        ({"enum": ["a"]}, {"enum": ["a", "b"]}, "closed enum"),
        ({"enum": ["a"]}, {}, "enum added or removed"),
        ({"enum": ["a"], "x-extensible": True}, {"enum": ["b"], "x-extensible": True}, "values removed"),
        ({"enum": ["a"]}, {"enum": ["a"], "x-extensible": True}, "x-extensible changed"),
    ],
)
def test_enums_keep_their_values(old: Schema, new: Schema, reason: str) -> None:
    assert any(reason in line for line in breaks(old, new))


def test_an_extensible_enum_may_grow() -> None:
    old = {"enum": ["a"], "x-extensible": True}

    assert breaks(old, {"enum": ["a", "b"], "x-extensible": True}) == []


def test_alternatives_may_not_come_or_go() -> None:
    nullable = {"anyOf": [{"type": "string"}, {"type": "null"}]}

    assert breaks(nullable, {"anyOf": [{"type": "string"}]}) == ["/: alternatives changed from 2 to 1"]
    assert breaks(nullable, {"anyOf": [{"type": "integer"}, {"type": "null"}]}) != []


def test_a_reference_that_leaves_the_schema_is_refused() -> None:
    with pytest.raises(ValueError, match="leaves the schema"):
        breaks({"$ref": "https://elsewhere.example/x.json"}, {})


def test_words_do_not_make_a_new_version(schema: Schema) -> None:
    assert essence(schema) == essence(changed(schema, ALLOWED[1][1]))
    assert essence(schema) != essence(changed(schema, add_optional))
