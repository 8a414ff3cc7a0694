"""Alert rules speak of series that exist, lead to pages that exist, and every page says what rehearses it."""

import re
from typing import Any

import pytest
import yaml
from scripts import metrics
from scripts.tree import ROOT

from runtime import halles

FILE = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text())
RULES: list[dict[str, Any]] = [rule for group in FILE["groups"] for rule in group["rules"]]
PAGES = sorted((ROOT / "docs" / "runbooks").glob("*.md"))
SERIES = metrics.series()
OF_PROMETHEUS = {"up", "job"}
_NAME = re.compile(r"\b(halles_[a-z_]+|up)\b")
_LABELS = re.compile(r"(halles_[a-z_]+)\{([^}]*)\}")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_series_and_label_of_a_rule_is_ours(rule: dict[str, Any]) -> None:
    known = {sample: one for one in SERIES for sample in one.samples}
    names = set(_NAME.findall(rule["expr"]))

    assert names and names - {"up"} <= set(known)
    for name, matchers in _LABELS.findall(rule["expr"]):
        used = {matcher.partition("=")[0].strip("!~ ") for matcher in matchers.split(",")}
        assert used <= {*known[name].labels, "job"}, f"{name} has no such label"
    told = set(re.findall(r"\$labels\.([a-z_]+)", rule["annotations"]["summary"]))
    assert told <= {label for name in names - {"up"} for label in known[name].labels} | {"job"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_rule_leads_to_a_page_that_names_it(rule: dict[str, Any]) -> None:
    page = ROOT / rule["annotations"]["runbook"]

    assert rule["labels"]["severity"] in ("page", "ticket")
    assert f"**{rule['alert']}**" in page.read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_page_names_the_fault_row_that_rehearses_it(page: Any) -> None:
    assert re.search(r"\bF-[0-9]{2}\b", page.read_text())


def test_every_command_of_operators_has_a_page() -> None:
    (commands,) = [action for action in halles.parser()._actions if action.choices and action.dest == "command"]

    assert set(commands.choices or ()) <= {page.stem for page in PAGES}


def test_the_list_of_series_is_fresh() -> None:
    assert metrics.page() == metrics.PAGE.read_text(), "run: python -m scripts.metrics"
    assert len({one.name for one in SERIES}) == len(SERIES) > 30
