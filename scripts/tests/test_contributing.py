"""The page for newcomers points to places that exist and to rules that run."""

import re

from scripts.check_rules import RULES
from scripts.tree import ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PLACES = re.findall(r"`((?:services|libs|deploy|scripts|docs)/[^`<*{\s]+)`", PAGE)


def test_every_place_exists() -> None:
    assert len(PLACES) > 10
    assert [place for place in PLACES if not (ROOT / place).exists()] == []


def test_every_rule_in_brackets_runs() -> None:
    named = {name for group in re.findall(r"\*\(([^)]*)\)\*", PAGE) for name in re.split(r"[,;] ", group)}
    tools = {"check_budget", "mypy", "import-linter", "tests deliver everything twice", "ADR 0007", "test_plans"}

    assert named - tools <= {rule.name for rule in RULES}


def test_every_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = {target for line in re.findall(r"(?<=make )[a-z][a-z -]*", PAGE) for target in line.split()}

    assert [target for target in named if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []
