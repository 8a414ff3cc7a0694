"""A copy of the contract files in a git work tree of its own, to plant breaks in."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from scripts.contracts.folders import Folders
from scripts.tree import ROOT


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Schemas, examples, topic files and the reserved names, without history."""
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "libs/contracts", tmp_path / "libs/contracts", ignore=ignored)
    shutil.copytree(ROOT / "docs/asyncapi", tmp_path / "docs/asyncapi")
    shutil.copy(ROOT / "docs/map.md", tmp_path / "docs/map.md")
    for service in (ROOT / "services").glob("*/pyproject.toml"):
        folder = tmp_path / "services" / service.parent.name
        folder.mkdir(parents=True)
        shutil.copy(service, folder)
    return Folders(tmp_path)


@pytest.fixture
def commit(folders: Folders) -> Callable[[], None]:
    """Commit everything; the first call makes the repository."""

    def run() -> None:
        identity = ["-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false"]
        for command in (["init", "-q"], ["add", "."], ["commit", "-q", "--allow-empty", "-m", "version"]):
            subprocess.run(["git", *identity, *command], cwd=folders.root, check=True, capture_output=True)

    return run
