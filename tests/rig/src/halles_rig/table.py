"""The table of results in `docs/faults.md`, written by the command: new results replace or join those of the same row."""

import re
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from halles_local.stack import REPOSITORY
from halles_rig.row import ROWS, Result

PAGE = REPOSITORY / "docs" / "faults.md"
BEGIN, END = "<!-- results: written by make faults -->", "<!-- end of results -->"
HEAD = (
    "| row | fault | load | runs | violations | worst recovery | last: orders, calls, unanswered | noted | seed | date | commit |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|"
)


@cache
def commit() -> str:
    """The commit that is run, as it is at the first question, marked when the tree had changes other than this command's own page."""

    def told(*words: str) -> str:
        git = ["git", "-C", str(REPOSITORY), *words]
        return subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()

    changed = told("status", "--porcelain", "--untracked-files=no", "--", ".", f":!{PAGE.relative_to(REPOSITORY)}")
    return told("rev-parse", "--short", "HEAD") + ("-dirty" if changed else "")


def write(results: Iterable[Result], *, rate: float, page: Path = PAGE) -> None:
    """Merge these results into the page."""
    text = page.read_text()
    before, rest = text.split(BEGIN)
    old, after = rest.split(END)
    lines = {line.split("|")[1].strip(): line for line in old.splitlines() if line.startswith("| F-")}
    for result in results:
        lines[result.number] = _line(result, lines.get(result.number), rate)
    table = "\n".join([HEAD, *(lines[number] for number in sorted(lines))])
    page.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}")


def _line(result: Result, old: str | None, rate: float) -> str:
    row = ROWS[result.number]
    runs, violations, worst = _before(old)
    today = datetime.now(UTC).date().isoformat()
    if result.skipped:
        middle = [f"{runs}", f"{violations}", f"{worst:.1f} s", "–", f"not run here: {result.skipped}"]
    else:
        orders = ", ".join(f"{number} {status}" for status, number in sorted(result.orders.items())) or "0"
        last = f"{orders}; {result.calls}; {result.errors}"
        notes = "; ".join(result.notes) or "–"
        total = violations + (1 if result.violations else 0)
        middle = [f"{runs + 1}", f"{total}", f"{max(worst, result.recovery):.1f} s", last, notes]
    load = f"{row.load} ({rate:g}/s)" if row.load == "L1" else row.load
    cells = [row.number, row.fault, load, *middle, str(result.seed), today, commit()]
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _before(old: str | None) -> tuple[int, int, float]:
    if old is None:
        return 0, 0, 0.0
    cells = [cell.strip() for cell in old.strip("|").split("|")]
    worst = re.match(r"[\d.]+", cells[5])
    return int(cells[3]), int(cells[4]), float(worst[0]) if worst else 0.0
