"""A new service on a copy of the workspace: complete, registered everywhere, importable, within the rules."""

import os
import runpy
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml
from scripts.check_adrs import check as check_adrs
from scripts.check_budget import check as check_budget
from scripts.check_rules import check as check_rules
from scripts.new_service import create
from scripts.registration import PLACES, NotRegistered
from scripts.tree import ROOT

TODAY = date(2026, 12, 1)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for path in (*PLACES, "services/review/pyproject.toml"):
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, target)
    return tmp_path


def run(copy: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": f"{copy}/services/returns/src"}
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)


def test_the_service_is_complete_and_registered(copy: Path) -> None:
    written = {str(path) for path in create(copy, "returns", TODAY)}

    assert {*PLACES, "services/returns/README.md", "services/returns/pyproject.toml"} < written
    assert "services/returns/src/returns/migrations/versions/2026-12-01_create_returns.py" in written
    assert all("returns" in (copy / path).read_text(encoding="utf-8") for path in PLACES)


def test_the_service_keeps_the_rules(copy: Path) -> None:
    create(copy, "returns", TODAY)

    ruff = str(Path(sys.executable).parent / "ruff")
    config = ("--config", str(copy / "pyproject.toml"))
    assert check_rules(copy) == []
    assert check_budget(copy)[1] == []
    assert check_adrs(copy) == []
    assert run(copy, ruff, "check", *config, "services").returncode == 0
    assert run(copy, ruff, "format", "--check", *config, "services", "deploy").returncode == 0


def test_the_service_can_be_imported_and_built(copy: Path) -> None:
    create(copy, "returns", TODAY)

    built = run(copy, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "services/returns/tests/unit")

    assert built.returncode == 0, built.stdout
    assert "1 passed" in built.stdout


def test_the_service_has_a_port_of_its_own(copy: Path) -> None:
    create(copy, "returns", TODAY)
    offsets = runpy.run_path(str(copy / "deploy/local/src/halles_local/ports.py"))["OFFSETS"]

    assert offsets["returns"] == 19
    assert len(set(offsets.values())) == len(offsets)


def test_compose_has_the_service_and_its_migration(copy: Path) -> None:
    before = yaml.safe_load((copy / "compose.yaml").read_text(encoding="utf-8"))
    create(copy, "returns", TODAY)

    after = yaml.safe_load((copy / "compose.yaml").read_text(encoding="utf-8"))

    assert after["services"].keys() - before["services"].keys() == {"returns", "returns-migrate"}
    assert after["services"]["returns"]["environment"]["RETURNS_PORT"] == "8619"
    assert after["services"]["review"] != after["services"]["returns"]
    assert after["services"]["postgres"]["environment"].keys() - before["services"]["postgres"][
        "environment"
    ].keys() == {
        "RETURNS_DATABASE_PASSWORD",
        "RETURNS_OWNER_DATABASE_PASSWORD",
    }
    assert after["secrets"].keys() - before["secrets"].keys() == {"returns-client.jwk"}


def test_two_new_services_get_two_ports(copy: Path) -> None:
    create(copy, "returns", TODAY)
    create(copy, "invoicing", TODAY)

    text = (copy / "deploy/local/src/halles_local/ports.py").read_text(encoding="utf-8")

    assert '"returns": 19,' in text
    assert '"invoicing": 20,' in text


@pytest.mark.parametrize("name", ["review", "Returns", "re-turns", "re", "json", "pydantic", "../returns"])
def test_a_bad_name_is_refused_and_nothing_is_written(copy: Path, name: str) -> None:
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}

    with pytest.raises(NotRegistered):
        create(copy, name, TODAY)

    assert {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()} == before


def test_a_rearranged_file_is_an_error_and_nothing_is_written(copy: Path) -> None:
    owners = copy / "CODEOWNERS"
    owners.write_text("* @halles/maintainers\n", encoding="utf-8")

    with pytest.raises(NotRegistered):
        create(copy, "returns", TODAY)

    assert not (copy / "services/returns").exists()
