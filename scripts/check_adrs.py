"""Decisions in `docs/adr` are numbered without gaps, have a valid status, all sections, one page, and live references."""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.tree import ROOT

FOLDER = "docs/adr"
_FILE = re.compile(r"^(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\.md$")
_STATUS = re.compile(r"^Status: (?:Proposed|Accepted|Rejected|Superseded by (?P<by>\d{4}))$", re.MULTILINE)
_HEAD = (r"^Area: \S.*$", r"^Date: \d{4}-\d{2}-\d{2}$")
_SECTIONS = ["Context", "Decision", "Consequences", "Alternatives", "References"]
_PATH = re.compile(r"`((?:services|libs|scripts|deploy|docs|tests|\.ci)/[^`\s]+|Makefile|\.importlinter)`")
_PAGE = 70


def check(root: Path) -> list[str]:
    """Everything that is wrong with the decisions below a root."""
    files = sorted((root / FOLDER).glob("*.md"))
    texts = {path.name: path.read_text(encoding="utf-8") for path in files}
    numbers = [match[1] for name in texts if (match := _FILE.match(name))]
    found = list(_numbering(texts, numbers))
    for name, text in texts.items():
        found += [f"{FOLDER}/{name}: {reason}" for reason in _page(name, text, numbers, root)]
    return found


def _numbering(texts: dict[str, str], numbers: list[str]) -> Iterator[str]:
    yield from (f"{FOLDER}/{name}: must be NNNN-kebab-title.md" for name in texts if not _FILE.match(name))
    yield from (
        f"{FOLDER}: number {number} is used twice" for number in sorted(set(numbers)) if numbers.count(number) > 1
    )
    if sorted(set(map(int, numbers))) != list(range(1, len(set(numbers)) + 1)):
        yield f"{FOLDER}: numbers have a gap"


def _page(name: str, text: str, numbers: list[str], root: Path) -> Iterator[str]:
    if not text.startswith(f"# {name[:4]}: "):
        yield f"starts with `# {name[:4]}: <title>`"
    status = _STATUS.search(text)
    if status is None:
        yield "Status: Proposed, Accepted, Rejected or Superseded by NNNN"
    elif status["by"] and status["by"] not in numbers:
        yield f"superseded by {status['by']}, which is not there"
    yield from (f"needs a line {pattern}" for pattern in _HEAD if not re.search(pattern, text, re.MULTILINE))
    if re.findall(r"^## (.+)$", text, re.MULTILINE) != _SECTIONS:
        yield f"sections are {', '.join(_SECTIONS)}, in this order"
    if text.count("\n") > _PAGE:
        yield f"longer than a page ({_PAGE} lines)"
    yield from (f"refers to {path}, which is not there" for path in _PATH.findall(text) if not (root / path).exists())


def main() -> int:
    """Print what is wrong; 0 when nothing is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT)
    found = check(parser.parse_args().root)
    for line in found:
        print(f"adr: {line}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
