"""A small workspace in a temporary folder to plant code in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from scripts.check_rules import check

Plant = Callable[[str, str], list[str]]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The root of a tree with two services, so that one can import the other."""
    for service in ("order", "payment"):
        package = tmp_path / "services" / service / "src" / service
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("", encoding="utf-8")
    return tmp_path


@pytest.fixture
def plant(workspace: Path) -> Plant:
    """Write one file and return the names of the rules that it breaks."""

    def write_and_check(path: str, code: str) -> list[str]:
        target = workspace / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(code, encoding="utf-8")
        return [violation.rule for violation in check(workspace)]

    return write_and_check
