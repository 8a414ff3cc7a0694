"""`.importlinter` catches planted imports in a tree that has the real chassis and contracts and otherwise empty services."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from scripts.tree import ROOT

SERVICES = sorted(path.parent.name for path in (ROOT / "services").glob("*/pyproject.toml"))
LAYERS = (
    "__main__",
    "app",
    "api",
    "consumers",
    "adapters",
    "saga",
    "service",
    "repository",
    "models",
    "ports",
    "domain",
)
Lint = Callable[[str, str], tuple[int, str]]


@pytest.fixture
def lint(tmp_path: Path) -> Lint:
    """Append one line to one file of the tree and run the linter with our real configuration."""
    for name in ("chassis", "contracts", "edge", "runtime"):
        source = f"libs/{name}/src/{name}"
        shutil.copytree(ROOT / source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for service in SERVICES:
        (tmp_path / service).mkdir()
        for module in ("__init__", "settings", *LAYERS):
            (tmp_path / service / f"{module}.py").write_text("", encoding="utf-8")

    def plant_and_run(path: str, line: str) -> tuple[int, str]:
        with (tmp_path / path).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        command = [
            str(Path(sys.executable).parent / "lint-imports"),
            "--no-cache",
            "--config",
            str(ROOT / ".importlinter"),
        ]
        environment = {**os.environ, "PYTHONPATH": str(tmp_path), "COLUMNS": "200"}
        run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        return run.returncode, run.stdout + run.stderr

    return plant_and_run


@pytest.mark.parametrize(
    ("path", "line", "broken"),
    [
        ("order/service.py", "import payment.domain", "order.service -> payment.domain"),
        ("contracts/order.py", "import chassis.db", "contracts.order -> chassis.db"),
        ("chassis/relay.py", "import review", "chassis.relay -> review"),
        ("order/domain.py", "import order.repository", "order.domain -> order.repository"),
        ("order/service.py", "import order.adapters", "order.service -> order.adapters"),
        ("order/consumers.py", "import order.api", "order.consumers -> order.api"),
        ("order/domain.py", "import sqlmodel", "order.domain -> sqlmodel"),
        ("order/domain.py", "from chassis import db", "order.domain -> chassis.db"),
        ("order/service.py", "import order.settings", "order.service -> order.settings"),
        ("contracts/values.py", "import fastapi", "contracts.values -> fastapi"),
    ],
)
def test_a_planted_import_is_caught(lint: Lint, path: str, line: str, broken: str) -> None:
    code, output = lint(path, line)

    assert code == 1, output
    assert broken in output


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("order/app.py", "import order.api, order.consumers, order.adapters, order.settings, chassis.db"),
        ("order/service.py", "import order.domain, order.repository, order.ports, contracts.order, chassis.outbox"),
        ("order/domain.py", "import contracts.values, edge.errors"),
    ],
)
def test_imports_that_point_inwards_pass(lint: Lint, path: str, line: str) -> None:
    code, output = lint(path, line)

    assert code == 0, output


def test_every_service_is_listed() -> None:
    config = (ROOT / ".importlinter").read_text(encoding="utf-8")

    assert [service for service in SERVICES if config.count(f"    {service}\n") < 2] == []
