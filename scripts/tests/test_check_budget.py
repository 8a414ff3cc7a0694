"""Budgets: the stops catch planted sizes, the sizes below them pass."""

from pathlib import Path

from scripts.check_budget import CHASSIS_STOP, FILE_STOP, FUNCTION_STOP, TEST_FILE_STOP, check


def plant(root: Path, path: str, text: str) -> list[str]:
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return check(root)[1]


def function(lines: int) -> str:
    return "def long():\n" + "    x = 1\n" * (lines - 1)


def test_a_long_file_is_caught(workspace: Path) -> None:
    assert plant(workspace, "services/order/src/order/app.py", "x = 1\n" * FILE_STOP) == []

    stops = plant(workspace, "services/order/src/order/app.py", "x = 1\n" * (FILE_STOP + 1))

    assert stops == [f"services/order/src/order/app.py: {FILE_STOP + 1} lines, stop {FILE_STOP}"]


def test_a_test_file_may_be_a_little_longer(workspace: Path) -> None:
    path = "services/order/tests/unit/test_app.py"

    assert plant(workspace, path, "x = 1\n" * TEST_FILE_STOP) == []
    assert len(plant(workspace, path, "x = 1\n" * (TEST_FILE_STOP + 1))) == 1


def test_a_long_function_is_caught(workspace: Path) -> None:
    assert plant(workspace, "services/order/src/order/app.py", function(FUNCTION_STOP)) == []

    stops = plant(workspace, "services/order/src/order/app.py", function(FUNCTION_STOP + 1))

    assert stops == [f"services/order/src/order/app.py:1: long has {FUNCTION_STOP + 1} lines, stop {FUNCTION_STOP}"]


def test_chassis_has_a_budget_of_its_own(workspace: Path) -> None:
    for number in range(4):
        plant(
            workspace,
            f"libs/chassis/src/chassis/part{number}.py",
            '"""Words."""\n\n# why\n' + "x = 1\n" * (CHASSIS_STOP // 4),
        )
    assert check(workspace)[1] == []

    stops = plant(workspace, "libs/chassis/src/chassis/one_more.py", "x = 1\n")

    assert stops == [f"libs/chassis: {CHASSIS_STOP + 1} lines of code, stop {CHASSIS_STOP}"]


def test_sizes_are_reported_for_each_member(workspace: Path) -> None:
    plant(workspace, "services/order/src/order/app.py", function(10))

    members, _ = check(workspace)

    assert members["order"].files == [10]
    assert members["order"].functions == [10]
