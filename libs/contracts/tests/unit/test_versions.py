"""The check compares with every version ever committed, and works without git."""

import copy
from collections.abc import Callable

import pytest
import yaml
from scripts.contracts.folders import Folders, Json, dump, load
from scripts.contracts.schemas import generate
from scripts.contracts.versions import keep_superseded, published_schemas, schema_problems, topic_breaks, topic_problems

from contracts.order import OrderPlaced

TYPE = OrderPlaced.type
Commit = Callable[[], None]


def without_number(schema: Json) -> Json:
    smaller = copy.deepcopy(schema)
    del smaller["properties"]["number"]
    smaller["required"].remove("number")
    return smaller


def write(folders: Folders, schema: Json) -> None:
    (folders.schemas / f"{TYPE}.json").write_text(dump(schema), encoding="utf-8")


def test_the_published_schemas_pass(folders: Folders, commit: Commit) -> None:
    commit()

    assert list(schema_problems(folders, generate())) == []
    assert list(topic_problems(folders)) == []


def test_a_field_of_an_older_version_may_not_vanish(folders: Folders, commit: Commit) -> None:
    commit()
    smaller = without_number(load(folders.schemas / f"{TYPE}.json"))
    write(folders, smaller)
    commit()

    found = list(schema_problems(folders, {**generate(), TYPE: smaller}))

    assert f"{TYPE}: /number: property removed or renamed" in found


def test_a_removed_type_must_be_reserved(folders: Folders, commit: Commit) -> None:
    commit()
    current = {type_: schema for type_, schema in generate().items() if type_ != TYPE}

    assert any("the type was removed" in line for line in schema_problems(folders, current))

    folders.reserved.write_text(f"types: {{{TYPE}: nobody read it}}\n", encoding="utf-8")
    assert list(schema_problems(folders, current)) == []


def test_a_superseded_version_guards_a_tree_without_history(folders: Folders, commit: Commit) -> None:
    commit()
    smaller = {**generate(), TYPE: without_number(generate()[TYPE])}

    assert keep_superseded(folders, smaller) == [f"libs/contracts/schemas/superseded/{TYPE}/1.json"]
    assert keep_superseded(folders, smaller) == []

    (folders.root / ".git").rename(folders.root / "git-is-gone")
    write(folders, smaller[TYPE])
    assert any("/number: property removed" in line for line in schema_problems(folders, smaller))


def test_what_was_committed_before_the_baseline_was_a_draft(folders: Folders, commit: Commit) -> None:
    draft = copy.deepcopy(generate()[TYPE])
    draft["properties"]["wrong_name"] = {"type": "string"}
    write(folders, draft)
    commit()
    write(folders, generate()[TYPE])
    (folders.root / "libs/contracts/baseline.md").write_text("Baseline 2\n", encoding="utf-8")
    commit()

    assert published_schemas(folders)[TYPE] == [generate()[TYPE]]
    assert list(schema_problems(folders, generate())) == []


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("key", "buyer id", "key changed"),
        ("partitions", 12, "partitions changed"),
        ("partitions", 48, "partitions changed"),
        ("kind", "activity", "kind changed"),
        ("name", "order.orders.v1", "name changed"),
        ("retention_days", "compact", "compacted for life or never"),
        ("types", ["order.order-placed.v1"], "left the topic"),
        ("compression", "zstd", "compression changed"),
    ],
)
def test_a_topic_keeps_what_its_records_depend_on(folders: Folders, field: str, value: object, reason: str) -> None:
    old = yaml.safe_load((folders.root / "libs/contracts/src/contracts/topics/order.order.v1.yaml").read_text())

    found = list(topic_breaks(old, {**old, field: value}))

    assert any(reason in line for line in found), found


def test_a_topic_may_gain_consumers_and_types(folders: Folders) -> None:
    old = yaml.safe_load((folders.root / "libs/contracts/src/contracts/topics/order.order.v1.yaml").read_text())
    new = {**old, "consumers": [*old["consumers"], "review"], "types": [*old["types"], "order.order-returned.v1"]}

    assert list(topic_breaks(old, new)) == []


def test_a_committed_topic_may_not_vanish(folders: Folders, commit: Commit) -> None:
    commit()
    (folders.root / "libs/contracts/src/contracts/topics/order.order.v1.yaml").unlink()

    assert list(topic_problems(folders)) == [
        "order.order.v1: the topic was removed; list it in reserved.yaml with a reason"
    ]
