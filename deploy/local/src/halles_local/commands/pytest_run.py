"""Run pytest once or several times and say at the end, in one line, what came out of all of it."""

import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from halles_local.stack import REPOSITORY

CLOSING = re.compile(r"\b\d+ (passed|failed|errors?|skipped|deselected|warnings?)\b.* in \d[\d.]*s|no tests ran in ")
COUNT = re.compile(r"(\d+) (passed|failed|skipped|xfailed|xpassed|errors?|deselected|warnings?)\b")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
NOTHING_COLLECTED = 5


@dataclass(frozen=True)
class Result:
    """What one run of pytest came to: its exit code, its counts by word, and how long it took."""

    code: int
    counts: Counter[str]
    seconds: float


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> Result:
    """Run pytest from the repository's root and pass on what it prints, its closing line included."""
    colour = ["--color=yes"] if sys.stdout.isatty() else []
    command = [sys.executable, "-m", "pytest", *colour, *arguments]
    closing, started = "", time.monotonic()
    with subprocess.Popen(command, env=environment, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        try:
            for line in process.stdout or ():
                print(line, end="", flush=True)
                closing = line if CLOSING.search(line) else closing
        except BaseException:
            process.terminate()
            raise
    return Result(process.returncode, counted(closing), time.monotonic() - started)


def counted(closing: str) -> Counter[str]:
    """Return the counts of a closing line; without one, pytest did not finish, which is an error."""
    if not closing:
        return Counter(errors=1)
    found = COUNT.findall(COLOUR.sub("", closing))
    return Counter({"errors" if word == "error" else word: int(number) for number, word in found})


def broken() -> Result:
    """Return the result of a run that could not even start."""
    return Result(1, Counter(errors=1), 0.0)


def summary(results: Sequence[Result]) -> str:
    """Return the counts of all runs as one plain line in the form of pytest's own: `12 passed, 0 failed in 3.41s`."""
    total = Counter({"passed": 0, "failed": 0})
    for result in results:
        total.update(result.counts)
    shown = [f"{total[word]} {word}" for word in ("passed", "failed")]
    shown += [
        f"{number} {word}" for word, number in sorted(total.items()) if number and word not in ("passed", "failed")
    ]
    return f"{', '.join(shown)} in {sum(result.seconds for result in results):.2f}s"


def exit_code(results: Sequence[Result]) -> int:
    """Return 0 when every run that found tests succeeded and at least one did."""
    codes = [result.code for result in results]
    return next((code for code in codes if code not in (0, NOTHING_COLLECTED)), min(codes))
