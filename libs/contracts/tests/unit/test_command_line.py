"""`generate` and `check` as a developer meets them: on a copy of the contracts with a planted edit in a class."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from scripts.contracts.folders import Folders
from scripts.tree import ROOT

Commit = Callable[[], None]


@dataclass(frozen=True)
class Copy:
    """The contracts of a temporary tree, driven by the real commands."""

    folders: Folders

    def run(self, command: str) -> list[str]:
        """Lines that the command prints; the check of handlers is left to the tree that has services."""
        environment = {
            **os.environ,
            "PYTHONPATH": f"{self.folders.root}/libs/contracts/src:{ROOT}",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        arguments = [sys.executable, "-m", "scripts.contracts", command, "--root", str(self.folders.root)]
        run = subprocess.run(arguments, env=environment, cwd=ROOT / "docs", capture_output=True, text=True, check=False)
        assert not run.stderr
        return [line for line in run.stdout.splitlines() if "whose consumers handle none" not in line]

    def edit(self, module: str, old: str, new: str) -> None:
        path = self.folders.root / "libs/contracts/src/contracts" / module
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def copied(folders: Folders, commit: Commit) -> Copy:
    commit()
    return Copy(folders)


def test_an_unchanged_tree_has_nothing_to_say(copied: Copy) -> None:
    assert copied.run("generate") == []
    assert len(copied.run("check")) == 1


def test_a_forgotten_run_is_named(copied: Copy) -> None:
    copied.edit("order.py", "    number: Ref\n", "")

    assert any("order.order-placed.v1.json: out of date" in line for line in copied.run("check"))


def test_a_removed_field_is_refused_also_after_generating(copied: Copy) -> None:
    copied.edit("order.py", "    number: Ref\n", "")

    written = copied.run("generate")
    found = copied.run("check")

    assert "wrote libs/contracts/schemas/superseded/order.order-placed.v1/1.json" in written
    assert any("contracts: order.order-placed.v1: /number: property removed" in line for line in found)


def test_an_optional_field_passes_with_the_order_of_rollout(copied: Copy) -> None:
    copied.edit("order.py", "number: Ref\n", 'number: Ref\n    channel: Code = "web"\n')
    copied.run("generate")
    golden = copied.folders.examples / "order.order-placed.v1"
    text = (golden / "two-sellers.json").read_text(encoding="utf-8")
    (golden / "by-app.json").write_text(text.replace('"number"', '"channel": "app",\n    "number"'), encoding="utf-8")

    found = copied.run("check")

    assert [line for line in found if line.startswith("contracts:")][-1].endswith(" problems")
    assert not any("order-placed" in line for line in found if line.startswith("contracts:"))
    assert any("order.order-placed.v1 is changed: deploy payment" in line for line in found)


def test_a_hand_edited_schema_is_named(copied: Copy) -> None:
    path = copied.folders.schemas / "order.order-placed.v1.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"maxLength": 64', '"maxLength": 65', 1), encoding="utf-8")

    assert any("order.order-placed.v1.json: out of date or edited by hand" in line for line in copied.run("check"))
