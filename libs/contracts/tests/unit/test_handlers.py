"""The topic files and the consumers' code must agree about who reads what."""

from dataclasses import replace
from pathlib import Path

import pytest
from scripts.contracts.handlers import handled_types, handler_problems
from scripts.tree import read_workspace

from contracts.registry import BY_TYPE
from contracts.topics import load

WANTED = {"order": frozenset({"catalog.stock-reserved.v1"})}
STOCK = [replace(topic, wanted=WANTED) for topic in load() if topic.name == "catalog.stock.v1"]
HANDLED = """
from contracts.catalog import StockReserved

async def handle(event):
    match event:
        case StockReserved():
            ...
"""
IMPORTED_ONLY = "from contracts.catalog import StockReserved\n"
BY_MODULE = "from contracts import catalog\nHANDLERS = {catalog.StockReserved: None}\n"


def problems(root: Path, service: str, code: str, name: str = "consumers.py") -> list[str]:
    path = root / "services" / service / "src" / service / name
    path.parent.mkdir(parents=True)
    path.write_text(code, encoding="utf-8")
    return list(handler_problems(read_workspace(root), STOCK, BY_TYPE))


@pytest.mark.parametrize("code", [HANDLED, BY_MODULE])
def test_a_listed_consumer_with_a_case_passes(tmp_path: Path, code: str) -> None:
    assert problems(tmp_path, "order", code) == []


def test_consumers_may_be_a_package(tmp_path: Path) -> None:
    (tmp_path / "services/order/src/order/consumers").mkdir(parents=True)
    (tmp_path / "services/order/src/order/consumers/stock.py").write_text(HANDLED, encoding="utf-8")

    assert handled_types(read_workspace(tmp_path), BY_TYPE) == {"order": {"catalog.stock-reserved.v1"}}


def test_a_listed_consumer_without_a_case_is_named(tmp_path: Path) -> None:
    assert problems(tmp_path, "order", IMPORTED_ONLY) == [
        "catalog.stock.v1: lists order, whose consumers handle none of its types"
    ]


def test_a_case_outside_the_consumers_does_not_count(tmp_path: Path) -> None:
    assert len(problems(tmp_path, "order", HANDLED, name="saga.py")) == 1


def test_a_reader_that_is_not_listed_is_named(tmp_path: Path) -> None:
    found = problems(tmp_path, "review", HANDLED)

    assert "catalog.stock.v1: review handles it and is not listed as a consumer" in found


@pytest.mark.parametrize("group", ['"orders"', "GROUP"])
def test_a_group_that_no_topic_lists_is_named(tmp_path: Path, group: str) -> None:
    found = problems(tmp_path, "order", f'{HANDLED}\nGROUP = "orders"\nSUBSCRIPTION = Subscription(group={group})\n')

    assert found == ["order: subscribes as ['orders'], topic files list ['order']"]


def test_the_listed_group_passes(tmp_path: Path) -> None:
    assert problems(tmp_path, "order", f'{HANDLED}\nSUBSCRIPTION = Subscription(group="order")\n') == []


def test_the_gateway_may_follow_a_whole_topic(tmp_path: Path) -> None:
    path = tmp_path / "services/gateway/src/gateway/app.py"
    path.parent.mkdir(parents=True)
    path.write_text("from contracts.catalog import STOCK\ntail = follow(STOCK)\n", encoding="utf-8")

    found = list(handler_problems(read_workspace(tmp_path), STOCK, BY_TYPE))

    assert "catalog.stock.v1: gateway handles it and is not listed as a consumer" in found


def test_a_handled_type_that_the_topic_does_not_list_for_the_group_is_named(tmp_path: Path) -> None:
    topic = replace(STOCK[0], wanted={"order": frozenset({"catalog.stock-released.v1"})})
    path = tmp_path / "services/order/src/order/consumers.py"
    path.parent.mkdir(parents=True)
    path.write_text(HANDLED, encoding="utf-8")

    found = list(handler_problems(read_workspace(tmp_path), [topic], BY_TYPE))

    assert "catalog.stock.v1: order handles catalog.stock-reserved.v1 and does not list it" in found
    assert "catalog.stock.v1: lists catalog.stock-released.v1 for order, whose consumers do not handle it" in found
