"""Two runs of pytest, one line and one exit code."""

from collections import Counter

import pytest

from halles_local.commands.pytest_run import Result, broken, counted, exit_code, summary
from halles_local.commands.test import JOURNEYS, MEMBERS, _chosen


@pytest.mark.parametrize(
    ("closing", "counts"),
    [
        ("91 passed in 23.82s", {"passed": 91}),
        ("=== 2 failed, 7 passed, 1 error in 61.20s (0:01:01) ===", {"failed": 2, "passed": 7, "errors": 1}),
        ("\x1b[31m\x1b[1m1 failed\x1b[0m, \x1b[32m3 passed\x1b[0m\x1b[31m in 1.00s\x1b[0m", {"failed": 1, "passed": 3}),
        ("no tests ran in 0.01s", {}),
        ("", {"errors": 1}),
    ],
)
def test_closing_lines_are_counted(closing: str, counts: dict[str, int]) -> None:
    assert counted(closing) == Counter(counts)


def test_the_line_about_all_runs_adds_up() -> None:
    results = [
        Result(0, Counter(passed=90, deselected=2), 10.0),
        Result(1, Counter(passed=9, failed=1, errors=1), 5.5),
    ]

    assert summary(results) == "99 passed, 1 failed, 2 deselected, 1 errors in 15.50s"


@pytest.mark.parametrize(
    ("codes", "code"), [((0, 0), 0), ((0, 1), 1), ((2, 0), 2), ((5, 0), 0), ((0, 5), 0), ((5, 5), 5)]
)
def test_one_failed_run_fails_all_and_finding_nothing_is_no_success(codes: tuple[int, int], code: int) -> None:
    assert exit_code([Result(one, Counter(), 0.0) for one in codes]) == code


def test_a_market_that_does_not_start_is_an_error() -> None:
    results = [Result(0, Counter(passed=3), 1.0), broken()]

    assert (exit_code(results), summary(results)) == (1, "3 passed, 0 failed, 1 errors in 1.00s")


@pytest.mark.parametrize(
    ("arguments", "chosen"),
    [
        ((), ([*MEMBERS], [*JOURNEYS], [])),
        (("-n", "2", "-k", "cart"), ([*MEMBERS], [*JOURNEYS], ["-n", "2", "-k", "cart"])),
        (("services/order", "-n", "2"), (["services/order"], [], ["-n", "2"])),
        (("tests/e2e",), ([], ["tests/e2e"], [])),
        (("tests/e2e/conftest.py::none", "-x"), ([], ["tests/e2e/conftest.py::none"], ["-x"])),
    ],
)
def test_paths_choose_what_runs(arguments: tuple[str, ...], chosen: tuple[list[str], ...]) -> None:
    assert _chosen(arguments) == chosen
