"""Plants known bugs in a scratch copy of the libraries and runs the row that has to notice: a rig that never fails proves nothing."""

import asyncio
import os
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from rich.console import Console

from halles_local.stack import REPOSITORY, Stack
from halles_rig import running, table
from halles_rig.plan import rig_stack
from halles_rig.process import Process
from halles_rig.rig import Rig
from halles_rig.row import play
from halles_rig.rows import ROWS

BEGIN, END = "<!-- mutants: written by make faults-mutants -->", "<!-- end of mutants -->"
HEAD = (
    "| planted bug | row | the row without it | caught | by | seed | date | commit |\n|---|---|---|---|---|---|---|---|"
)
SCRATCH = "mutant"
LIBRARIES = "libs/chassis"
SCALE = 0.3
REST_SECONDS = 40.0
"""A market with a bug may never come to rest; what is missing by then stays missing."""


@dataclass(frozen=True)
class Mutant:
    """``patch`` beside this module, the ``service`` that runs with it, the ``row`` that has to notice, the part that is enough."""

    patch: str
    service: str
    row: str
    only: str = ""


MUTANTS = (
    Mutant("acknowledge-before-commit", "analytics", "F-03", "consumer.before_commit analytics"),
    Mutant("inbox-outside-the-transaction", "analytics", "F-03", "consumer.before_commit analytics"),
    Mutant("outbox-ordered-by-time", "catalog", "F-11"),
)


async def run(stack: Stack, console: Console, *, seed: int) -> int:
    """Every mutant in a market of its own, in which the same row has just held without the bug. Exit code 1 when one was not
    noticed, or when the rig sees violations without a bug.
    """
    lines, wrong = [], 0
    for mutant in MUTANTS:
        rig = Rig(rig_stack(stack), console)
        async with rig.opened():
            await running.market(rig)
            sound = await _violations(rig, mutant, {}, seed)
            found = await _violations(rig, mutant, {"PYTHONPATH": str(planted(stack, mutant))}, seed)
        wrong += bool(sound) or not found
        console.print(
            f"{mutant.patch}: without it {sound or 'holds'}; with it {found[:2] or 'NOT NOTICED'}", markup=False
        )
        lines.append(_line(mutant, sound, found, seed))
        _write(lines)
    return 1 if wrong else 0


async def _violations(rig: Rig, mutant: Mutant, extra: dict[str, str], seed: int) -> list[str]:
    """Restart the service with these settings, play the row; only what does not hold at rest counts, with and without a bug."""
    folder = rig.stack.home.parent / "journals"
    await _restart(rig, rig.of_service(mutant.service), extra)
    row = ROWS[mutant.row]
    result = await play(
        row, rig, seed=seed, rate=0.7, scale=SCALE, folder=folder, only=mutant.only, patience=REST_SECONDS
    )
    return list(result.unsound)


async def _restart(rig: Rig, processes: list[Process], extra: dict[str, str]) -> None:
    """With these settings for good: a row may kill and start them again."""
    await asyncio.gather(*(process.stop() for process in processes))
    for process in processes:
        process.environment.pop("PYTHONPATH", None)
        process.environment |= extra
    await rig.start(process.name for process in processes)


def _line(mutant: Mutant, sound: list[str], found: list[str], seed: int) -> str:
    today = datetime.now(UTC).date().isoformat()
    caught = ("yes", found[0][:160]) if found else ("no", "–")
    cells = [mutant.patch, mutant.row, "violated" if sound else "holds", *caught, str(seed), today, table.commit()]
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


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


def _write(lines: list[str]) -> None:
    text = table.PAGE.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    table.PAGE.write_text("\n".join([f"{before}{BEGIN}", HEAD, *lines, f"{END}{after}"]))
