"""Golden messages stay readable in both directions and are never edited."""

import copy
from collections.abc import Callable

import pytest
from scripts.contracts.examples import STUB, example_problems, write_stub
from scripts.contracts.folders import Folders, Json, dump, load
from scripts.contracts.schemas import generate

from contracts.catalog import ReservationExpired
from contracts.order import OrderPlaced

TYPE = OrderPlaced.type
NAME = f"libs/contracts/examples/{TYPE}/two-sellers.json"
Commit = Callable[[], None]


def found(folders: Folders, published: dict[str, list[Json]] | None = None) -> list[str]:
    return list(example_problems(folders, generate(), published or {}))


def change(folders: Folders, edit: Callable[[Json], object]) -> None:
    path = folders.root / NAME
    example = load(path)
    edit(example)
    path.write_text(dump(example), encoding="utf-8")


def test_all_examples_pass(folders: Folders, commit: Commit) -> None:
    commit()

    assert found(folders, {type_: [schema] for type_, schema in generate().items()}) == []


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda e: e["value"].pop("number"), "today's reader refuses it"),
        (lambda e: e["value"].update(number=""), "today's reader refuses it"),
        (lambda e: e["headers"].pop("ce_id"), "ce_id is missing"),
        (lambda e: e["headers"].update(ce_type="order.order-cancelled.v1"), "today's reader refuses it"),
        (lambda e: e.update(key="ord_another"), "ce_subject must equal the key"),
        (lambda e: e["value"].update(number=STUB), "still a stub"),
    ],
)
def test_a_bad_example_is_named(folders: Folders, edit: Callable[[Json], object], reason: str) -> None:
    change(folders, edit)

    assert any(line.startswith(NAME) and reason in line for line in found(folders))


def test_todays_class_must_fit_older_schemas(folders: Folders) -> None:
    older = copy.deepcopy(generate()[TYPE])
    older["properties"]["number"]["maxLength"] = 3

    assert any("published version 1 refuses it" in line for line in found(folders, {TYPE: [older]}))


def test_an_older_schema_does_not_mind_a_new_optional_field(folders: Folders) -> None:
    older = copy.deepcopy(generate()[TYPE])
    del older["properties"]["number"]
    older["required"].remove("number")

    assert found(folders, {TYPE: [older]}) == []


def test_a_committed_example_is_neither_edited_nor_deleted(folders: Folders, commit: Commit) -> None:
    commit()
    change(folders, lambda e: e["value"].update(number="H-2026-000315"))
    commit()
    edited = found(folders)
    (folders.root / NAME).unlink()

    assert edited == [f"{NAME}: golden examples are added, never edited or deleted"]
    assert f"{NAME}: golden examples are added, never edited or deleted" in found(folders)


def test_a_type_without_example_gets_a_stub_that_is_refused(folders: Folders) -> None:
    (folders.root / NAME).unlink()
    assert f"{TYPE}: no golden example; `make contracts` writes a stub" in found(folders)

    stub = write_stub(folders, TYPE, generate()[TYPE])

    assert stub is not None
    assert any(line.endswith("still a stub: fill it with believable invented data") for line in found(folders))
    assert write_stub(folders, TYPE, generate()[TYPE]) is None


def test_each_field_is_filled_by_some_example(folders: Folders) -> None:
    (folders.examples / ReservationExpired.type / "commit-too-late.json").unlink()

    assert [line for line in found(folders) if "no example fills command_id" in line] != []


def test_an_orphan_example_is_named(folders: Folders) -> None:
    (folders.examples / TYPE).rename(folders.examples / "order.order-forgotten.v1")

    assert "examples/order.order-forgotten.v1: there is no such type" in found(folders)
