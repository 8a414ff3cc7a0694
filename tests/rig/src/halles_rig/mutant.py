"""Plants known bugs in a scratch copy of the libraries and runs the row that has to notice: a rig that never fails proves nothing."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from rich.console import Console

from halles_local.stack import REPOSITORY, Stack
from halles_rig import table

BEGIN, END = "<!-- mutants: written by make faults-mutants -->", "<!-- end of mutants -->"
HEAD = "| planted bug | row | caught | by | seed | date | commit |\n|---|---|---|---|---|---|---|"
SCRATCH = "mutant"
LIBRARIES = "libs/chassis"
_TIME_OUT = 900
_TOLD = re.compile(r"^ {5}(\S.*)$", re.M)


@dataclass(frozen=True)
class Mutant:
    """``patch`` beside this module, the ``row`` that has to notice, the part of it that is enough."""

    patch: str
    row: str
    only: str = ""


MUTANTS = (
    Mutant("acknowledge-before-commit", "F-03", "consumer.before_commit analytics"),
    Mutant("outbox-ordered-by-time", "F-11"),
    Mutant("inbox-outside-the-transaction", "F-03", "consumer.before_commit analytics"),
)


def run(stack: Stack, console: Console, *, seed: int) -> int:
    """Every mutant; exit code 1 when one was not noticed."""
    lines, missed = [], 0
    for mutant in MUTANTS:
        told = _run(mutant, planted(stack, mutant), seed)
        missed += told is None
        console.print(f"{mutant.patch}: {'NOT NOTICED' if told is None else f'caught: {told}'}", markup=False)
        today = datetime.now(UTC).date().isoformat()
        cells = [
            mutant.patch,
            mutant.row,
            "no" if told is None else "yes",
            told or "–",
            str(seed),
            today,
            table.commit(),
        ]
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    _write(lines)
    return 1 if missed else 0


def planted(stack: Stack, mutant: Mutant) -> Path:
    """A copy of the library with the bug in it; the clone itself stays as it is."""
    scratch = stack.home / "rig" / SCRATCH
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(REPOSITORY / LIBRARIES / "src", scratch / LIBRARIES / "src")
    patch = files("halles_rig") / "mutants" / f"{mutant.patch}.patch"
    with patch.open("rb") as content:
        subprocess.run(
            ["git", "apply", "--unsafe-paths", "-"], cwd=scratch, stdin=content, check=True, env=_outside(scratch)
        )
    return scratch / LIBRARIES / "src"


def _outside(scratch: Path) -> dict[str, str]:
    """So that git takes the scratch folder for no part of a repository around it."""
    return {**os.environ, "GIT_CEILING_DIRECTORIES": str(scratch.parent)}


def _run(mutant: Mutant, source: Path, seed: int) -> str | None:
    """The first violation that the row told of; None when it told of none."""
    words = [sys.executable, "-m", "halles_rig", "faults", mutant.row, "--dry", "--seed", str(seed)]
    words += ["--only", mutant.only] if mutant.only else []
    environment = {**os.environ, "PYTHONPATH": str(source), "COLUMNS": "400"}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=_TIME_OUT)
    told = _TOLD.findall(done.stdout)
    if not told and f"{mutant.row} holds" not in done.stdout:
        raise RuntimeError(f"{mutant.patch}: the row did not run:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return told[0][:160] if told else None


def _write(lines: list[str]) -> None:
    text = table.PAGE.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    table.PAGE.write_text("\n".join([f"{before}{BEGIN}", HEAD, *lines, f"{END}{after}"]))
