"""File, function and chassis budgets: `python -m scripts.check_budget`. Prints a table, fails on a stop.

Stops: 400 lines a file (tests 500), 60 a function, 1,200 lines of code for each of chassis, edge and runtime; there blank lines,
comments and docstrings are free, because a shared library is read more than it is written. The medians (100 a file, 12 a
function) are goals per member: printed, and marked when missed.
"""

import argparse
import ast
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from scripts.rules.syntax import functions
from scripts.tree import ROOT, Source, read_workspace

FILE_STOP, TEST_FILE_STOP, FILE_MEDIAN = 400, 500, 100
FUNCTION_STOP, FUNCTION_MEDIAN = 60, 12
CHASSIS_STOP = 1200
SHARED = ("chassis", "edge", "runtime")


@dataclass
class Member:
    """Sizes of one member, in lines."""

    files: list[int] = field(default_factory=list)
    functions: list[int] = field(default_factory=list)


def check(root: Path) -> tuple[dict[str, Member], list[str]]:
    """Sizes per member and the stops that were crossed."""
    members: dict[str, Member] = defaultdict(Member)
    stops: list[str] = []
    sources = read_workspace(root).sources
    for source in sources:
        stops += _measure(source, members[f"{source.member} tests" if source.is_test else source.member])
    return members, stops + _shared(sources)


def _measure(source: Source, member: Member) -> list[str]:
    stops = []
    lines = _lines(source)
    if lines:
        member.files.append(lines)
    stop = TEST_FILE_STOP if source.is_test else FILE_STOP
    if lines > stop:
        stops.append(f"{source.path}: {lines} lines, stop {stop}")
    for function in functions(source.nodes):
        size = (function.end_lineno or function.lineno) - function.lineno + 1
        member.functions.append(size)
        if size > FUNCTION_STOP:
            stops.append(f"{source.path}:{function.lineno}: {function.name} has {size} lines, stop {FUNCTION_STOP}")
    return stops


def _shared(sources: Iterable[Source]) -> list[str]:
    shipped = [source for source in sources if source.kind == "lib" and source.is_source and not source.is_test]
    lines = {name: sum(_code_lines(source) for source in shipped if source.member == name) for name in SHARED}
    return [
        f"libs/{name}: {found} lines of code, stop {CHASSIS_STOP}"
        for name, found in lines.items()
        if found > CHASSIS_STOP
    ]


def _lines(source: Source) -> int:
    return source.text.count("\n")


def _code_lines(source: Source) -> int:
    """Lines that are not blank, not a comment, not a docstring."""
    words: set[int] = set()
    for node in source.nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            words |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = enumerate(source.text.splitlines(), start=1)
    return sum(
        1 for number, line in lines if number not in words and line.strip() and not line.lstrip().startswith("#")
    )


def _table(members: dict[str, Member]) -> str:
    rows = [
        f"{'member':<18}{'files':>7}{'lines':>8}{'median':>8}{'worst':>7}{'functions':>11}{'median':>8}{'worst':>7}"
    ]
    for name, member in sorted(members.items()):
        if member.files:
            rows.append(_row(name, member))
    return "\n".join(rows)


def _row(name: str, member: Member) -> str:
    file_median, function_median = median(member.files), median(member.functions or [0])
    missed = file_median > FILE_MEDIAN or function_median > FUNCTION_MEDIAN
    sizes = f"{len(member.files):>7}{sum(member.files):>8}{file_median:>8g}{max(member.files):>7}"
    shapes = f"{len(member.functions):>11}{function_median:>8g}{max(member.functions or [0]):>7}"
    return f"{name:<18}{sizes}{shapes}{'  above the goal' if missed else ''}"


def main() -> int:
    """Print the table and the stops; 0 when nothing crosses a stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT)
    members, stops = check(parser.parse_args().root)
    print(_table(members))
    for stop in stops:
        print(f"budget: {stop}")
    return 1 if stops else 0


if __name__ == "__main__":
    sys.exit(main())
