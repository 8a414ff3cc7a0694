"""The journal on disk, and the page of results."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from halles_rig import table
from halles_rig.journal import Journal
from halles_rig.row import Result
from halles_rig.rows import ROWS

RESULT = Result("F-01", 7, 60.0, 4.2, [], {"confirmed": 9}, 120, 0, ["3 kills"])
PAGE = f"# Faults\n\n{table.BEGIN}\n{table.END}\n\nafter\n"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path / "journal.jsonl")
    yield made
    made.close()


def test_a_call_that_was_never_answered_is_on_disk_as_unknown(journal: Journal, tmp_path: Path) -> None:
    journal.before("ada@rig.example", "checkout", "/v1/checkouts", key="k1", body={})

    (line,) = map(json.loads, (tmp_path / "journal.jsonl").read_text().splitlines())
    assert line["call"]["key"] == "k1"
    assert line["call"]["result"] == "unknown"


def test_acknowledged_orders_are_those_answered_or_resolved(journal: Journal) -> None:
    for order_id, result, resolved in (
        ("ord_1", "ok", ""),
        ("ord_2", "unknown", "done"),
        ("ord_3", "unknown", "not-done"),
    ):
        entry = journal.before("ada@rig.example", "checkout", "/v1/checkouts", key=order_id, body={})
        entry.answer, entry.result, entry.resolved = {"order_id": order_id}, result, resolved
        journal.after(entry)

    assert journal.acknowledged() == ["ord_1", "ord_2"]
    assert journal.errors()["checkout"] == 2


def test_results_of_a_row_add_up_and_the_rest_of_the_page_stays(tmp_path: Path) -> None:
    assert RESULT.number in ROWS
    page = tmp_path / "faults.md"
    page.write_text(PAGE)

    table.write([RESULT], rate=0.7, page=page)
    table.write([Result("F-01", 8, 60.0, 9.9, ["I11 lost"], {}, 120, 0, [])], rate=0.7, page=page)

    text = page.read_text()
    (line,) = [line for line in text.splitlines() if line.startswith("| F-01")]
    assert [cell.strip() for cell in line.split("|")][4:7] == ["2", "1", "9.9 s"]
    assert text.endswith("after\n")
