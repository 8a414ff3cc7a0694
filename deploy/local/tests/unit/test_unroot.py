"""Programs that refuse root: whoever runs the tests, the program sees an ordinary user and can use a private folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from halles_local.postgres import without_root

REPORT = "import os, pathlib, sys; print(os.geteuid(), os.getuid(), pathlib.Path(sys.argv[1]).read_text())"


@pytest.mark.parametrize("way", ["", "setuid"])
def test_program_is_not_root_and_reads_private_files(tmp_path: Path, way: str) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    (private / "file").write_text("content")
    (private / "file").chmod(0o600)

    command = without_root([sys.executable, "-c", REPORT, str(private / "file")])
    environment = {"PATH": os.environ["PATH"], "HALLES_UNROOT": way}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    effective, real, content = done.stdout.split()
    assert effective == real == str(os.geteuid() or 65534)
    assert content == "content"


def test_exit_code_is_that_of_the_program() -> None:
    done = subprocess.run(without_root([sys.executable, "-c", "raise SystemExit(7)"]))

    assert done.returncode == 7
