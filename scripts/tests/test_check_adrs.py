"""Each rule about decisions catches a planted mistake."""

from pathlib import Path

import pytest
from scripts.check_adrs import check
from scripts.tree import ROOT

PAGE = """# 0001: Write decisions down

Status: Accepted
Area: process
Date: 2026-11-23

## Context

## Decision

## Consequences

## Alternatives

## References

`docs/adr/0001-write-decisions-down.md`
"""


def problems(root: Path, **files: str) -> list[str]:
    folder = root / "docs/adr"
    folder.mkdir(parents=True)
    (folder / "0001-write-decisions-down.md").write_text(PAGE, encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return check(root)


def test_the_real_decisions_pass() -> None:
    assert check(ROOT) == []
    assert len(list((ROOT / "docs/adr").glob("*.md"))) >= 10


def test_a_clean_folder_passes(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("0001-again", PAGE, "number 0001 is used twice"),
        ("0003-gap", PAGE.replace("0001:", "0003:"), "numbers have a gap"),
        ("notes", PAGE, "must be NNNN-kebab-title.md"),
        ("0002-title", PAGE, "starts with `# 0002: <title>`"),
        ("0002-status", PAGE.replace("0001:", "0002:").replace("Accepted", "Agreed"), "Status: Proposed, Accepted"),
        ("0002-by", PAGE.replace("0001:", "0002:").replace("Accepted", "Superseded by 0009"), "superseded by 0009"),
        ("0002-date", PAGE.replace("0001:", "0002:").replace("Date: 2026", "Date: year"), "needs a line ^Date"),
        ("0002-sections", PAGE.replace("0001:", "0002:").replace("## Alternatives\n", ""), "sections are Context"),
        ("0002-long", PAGE.replace("0001:", "0002:") + "\n" * 70, "longer than a page"),
        ("0002-path", PAGE.replace("0001:", "0002:") + "`libs/gone.py`\n", "refers to libs/gone.py"),
    ],
)
def test_a_planted_mistake_is_named(tmp_path: Path, name: str, text: str, reason: str) -> None:
    found = problems(tmp_path, **{name: text})

    assert any(reason in line for line in found), found
