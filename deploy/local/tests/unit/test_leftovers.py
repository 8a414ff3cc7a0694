"""Processes that outlived their supervisor are found by the marker of their stack, ended, and nobody else's."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from halles_local import leftovers, memory
from halles_local.process_environment import MARKER
from halles_local.stack import Stack

WAIT = "import signal; print('ready', flush=True); signal.pause()"


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    return Stack.from_environment({"HALLES_HOME": str(tmp_path / "home")})


@pytest.fixture
def orphan(stack: Stack) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {MARKER: str(stack.home)}
    with subprocess.Popen([sys.executable, "-c", WAIT], env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield process
        process.kill()


def test_orphan_is_found_and_ended(stack: Stack, orphan: "subprocess.Popen[bytes]") -> None:
    assert [left.pid for left in leftovers.find(stack)] == [orphan.pid]

    with ThreadPoolExecutor(1) as collector:
        # A real orphan is collected by init; this one by us.
        code = collector.submit(orphan.wait)
        ended = leftovers.end_all(stack)

    assert [left.pid for left in ended] == [orphan.pid]
    assert code.result() == -signal.SIGTERM


def test_a_supervisor_of_an_older_version_is_found_by_its_folder(stack: Stack) -> None:
    """It has no marker; ending the servers alone would have it start them again."""
    configuration = str(stack.run / "supervisord.conf")
    with subprocess.Popen([sys.executable, "-c", WAIT, configuration], stdout=subprocess.PIPE, env={}) as process:
        try:
            assert process.stdout is not None and process.stdout.readline() == b"ready\n"
            assert [left.pid for left in leftovers.find(stack)] == [process.pid]
        finally:
            process.kill()


def test_process_of_another_stack_is_left_alone(
    stack: Stack, tmp_path: Path, orphan: "subprocess.Popen[bytes]"
) -> None:
    other = Stack.from_environment({"HALLES_HOME": str(tmp_path / "home2")})

    assert leftovers.end_all(other) == ()
    assert orphan.poll() is None


def test_memory_of_a_process_is_counted_and_of_none_is_zero(orphan: "subprocess.Popen[bytes]") -> None:
    assert memory.resident_bytes(orphan.pid) > 1_000_000
    assert memory.resident_bytes(2**22 + 1) == 0
