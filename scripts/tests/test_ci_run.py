"""`.ci/run` with a Makefile of its own: runs every part, reports what failed, closes with pytest's last line."""

import asyncio
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from scripts.tree import ROOT

from testkit import eventually

CHECKS = ("lint", "types", "contracts-check", "docs-check")
MAKEFILE = """
setup setup-browser lint types contracts-check docs-check fuzz-short:
\t@echo "ran $@"; test "$(FAIL)" != "$@"
test:
\t@echo "....  [100%]"; echo "== 4 passed in 1.20s =="; echo "servers stopped"; test "$(FAIL)" != "$@"
"""
WAITING = """
setup setup-browser lint types contracts-check docs-check fuzz-short:
\t@true
test:
\t@echo $$$$ > pid; exec tail -f /dev/null
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/run", tmp_path / ".ci/run")
    (tmp_path / "Makefile").write_text(MAKEFILE, encoding="utf-8")
    return tmp_path


def run(checkout: Path, fail: str = "") -> subprocess.CompletedProcess[str]:
    # From inside another make, MAKEFLAGS would reach the makes that the script starts.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    environment["FAIL"] = fail
    return subprocess.run([checkout / ".ci/run"], env=environment, cwd="/", capture_output=True, text=True, check=False)


def test_all_parts_run_and_pytests_line_is_last(checkout: Path) -> None:
    done = run(checkout)

    assert done.returncode == 0, done.stdout + done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith("ran ")] == [
        f"ran {part}" for part in ("setup", "setup-browser", *CHECKS, "fuzz-short")
    ]
    assert done.stdout.splitlines()[-1] == "== 4 passed in 1.20s =="


@pytest.mark.parametrize("part", ["setup-browser", *CHECKS, "test", "fuzz-short"])
def test_a_failed_part_fails_the_run_after_all_parts(checkout: Path, part: str) -> None:
    done = run(checkout, fail=part)

    assert done.returncode != 0
    assert f"failed: make {part}" in done.stdout
    assert done.stdout.splitlines()[-1] == "== 4 passed in 1.20s =="


def test_without_packages_nothing_else_is_tried(checkout: Path) -> None:
    done = run(checkout, fail="setup")

    assert done.returncode != 0
    assert "ran lint" not in done.stdout


def test_tests_that_did_not_finish_fail_the_run(checkout: Path) -> None:
    (checkout / "Makefile").write_text(MAKEFILE.replace("== 4 passed in 1.20s ==", "crashed"), encoding="utf-8")

    done = run(checkout)

    assert done.returncode != 0
    assert done.stdout.splitlines()[-1] == "pytest did not finish"


async def test_a_terminated_run_ends_what_it_started(checkout: Path) -> None:
    (checkout / "Makefile").write_text(WAITING, encoding="utf-8")
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(checkout / ".ci/run", stdout=quiet, stderr=quiet)
    await eventually(lambda: is_running(checkout), timeout=20)

    process.send_signal(signal.SIGTERM)

    assert await asyncio.wait_for(process.wait(), 20) == 143
    assert not is_running(checkout)


def is_running(checkout: Path) -> bool:
    """Whether the test command of `WAITING` has started and is there."""
    file = checkout / "pid"
    number = file.read_text(encoding="utf-8").strip() if file.exists() else ""
    return bool(number) and Path(f"/proc/{number}").exists()
