"""What commands remember, and what they say when something is wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from halles_local import migrations
from halles_local.__main__ import main, parser
from halles_local.stack import Stack


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HALLES_HOME", str(tmp_path))
    monkeypatch.setenv("HALLES_PORT_BASE", "30600")
    return tmp_path


def test_log_of_an_unknown_process_names_the_known_ones(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "logs").mkdir()
    (home / "logs" / "order.log").touch()

    assert main(["logs", "odrer"]) == 1

    assert "order" in capsys.readouterr().err


def test_restart_without_a_stack_says_what_to_do(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["restart", "order"]) == 1

    assert "make up" in capsys.readouterr().err


def test_reset_asks_and_deletes_nothing_when_nobody_can_answer(home: Path) -> None:
    (home / "servers").mkdir()

    done = subprocess.run(
        [sys.executable, "-m", "halles_local", "reset"], stdin=subprocess.DEVNULL, capture_output=True, text=True
    )

    assert done.returncode == 1
    assert "YES=1" in done.stderr
    assert (home / "servers").exists()


def test_confirmed_reset_deletes_data_and_keeps_settings(home: Path) -> None:
    (home / "servers" / "postgres").mkdir(parents=True)
    (home / "settings.env").write_text("")

    assert main(["reset", "--yes"]) == 0

    assert not (home / "servers").exists()
    assert (home / "settings.env").exists()


def test_down_of_a_stopped_stack_is_no_error(home: Path) -> None:
    assert main(["down"]) == 0


def test_status_of_a_stopped_stack_is_readable_by_scripts(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--json"]) == 0

    status = json.loads(capsys.readouterr().out)
    order = next(process for process in status["processes"] if process["name"] == "order")
    assert order["port"] == 30613
    assert order["pid"] is None
    assert status["addresses"]["site"] == "http://localhost:30600"
    assert status["demo_accounts"] == []


def test_applied_migrations_are_not_applied_again_until_they_change_or_the_database_is_new(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = Stack.from_environment()
    stack.make_folders()
    assert "identity" in migrations.pending(stack, new_databases=())
    digests = {name: migrations.digest(name) for name in migrations.pending(stack, new_databases=())}
    (stack.run / "migrated.json").write_text(json.dumps(digests))

    assert migrations.pending(stack, new_databases=()) == ()
    assert migrations.pending(stack, new_databases=["identity"]) == ("identity",)

    (stack.run / "migrated.json").write_text(json.dumps(digests | {"order": "older"}))
    assert migrations.pending(stack, new_databases=()) == ("order",)


def test_environment_of_a_process_can_be_taken_over_by_a_shell(home: Path) -> None:
    lines = subprocess.check_output([sys.executable, "-m", "halles_local", "env", "payment"], text=True)

    script = f"{lines}\necho $PAYMENT_PORT"
    assert subprocess.check_output(["/bin/sh", "-c", script], env={"PATH": os.environ["PATH"]}, text=True) == "30614\n"


@pytest.mark.parametrize("command", ["up", "down", "status", "infra-up", "infra-down", "seed", "demo"])
def test_every_command_of_the_makefile_is_understood(command: str) -> None:
    assert parser().parse_args([command]).command == command
