"""`python -m halles_rig faults [F-01 ...] | mutants | check`."""

import argparse
import asyncio
import os
import secrets
import signal
import sys
from collections.abc import Sequence

import uvloop
from rich.console import Console

from halles_local.errors import StackError
from halles_local.stack import Stack
from halles_rig import mutant, running
from halles_rig.rows import ROWS


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    main = argparse.ArgumentParser(prog="python -m halles_rig", description=__doc__)
    commands = main.add_subparsers(dest="command", required=True)
    faults = commands.add_parser("faults", help="run rows of the fault matrix")
    faults.add_argument("rows", nargs="*", metavar="F-01", help=f"without any: all of {len(ROWS)}")
    faults.add_argument("--short", action="store_true", help="the selection for CI")
    faults.add_argument(
        "--seed", type=int, default=secrets.randbelow(1_000_000), help="decides every throw of the dice"
    )
    faults.add_argument("--rate", type=float, default=0.7, help="L1 in checkouts a second")
    faults.add_argument("--scale", type=float, default=1.0, help="stretches how long faults last")
    faults.add_argument("--dry", action="store_true", help="leave docs/faults.md alone")
    faults.add_argument("--only", default="", help="of F-03: crash points and services with these words")
    mutants = commands.add_parser("mutants", help="plant bugs in a copy and see that the rig notices each")
    mutants.add_argument("--seed", type=int, default=1)
    commands.add_parser("check", help="check a running stack (HALLES_HOME, HALLES_PORT_BASE): I1–I14 at rest")
    return main


def chosen(options: argparse.Namespace) -> list[str]:
    """Numbers of the rows to run, as they were named or in the order of the matrix; those that spoil their market last."""
    if unknown := set(options.rows) - set(ROWS):
        sys.exit(f"there is no row {', '.join(sorted(unknown))}; there are: {', '.join(sorted(ROWS))}")
    wanted = options.rows or sorted(number for number, row in ROWS.items() if row.short or not options.short)
    return sorted(dict.fromkeys(wanted), key=lambda number: ROWS[number].spoils)


async def _interruptible(work: "asyncio.Task[int]") -> int:
    """The first signal ends the work, which ends its processes; those that follow must not interrupt that."""
    loop, told = asyncio.get_running_loop(), False

    def leave() -> None:
        nonlocal told
        if not told:
            told = True
            work.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, leave)
    return await work


async def run(options: argparse.Namespace, console: Console) -> int:
    """Run one command."""
    stack = Stack.from_environment()
    if options.command == "mutants":
        return await _interruptible(asyncio.create_task(mutant.run(stack, console, seed=options.seed)))
    if options.command == "check":
        return await running.check(stack, console)
    pace = running.Pace(options.seed, options.rate, options.scale, options.only)
    work = running.faults(stack, console, chosen(options), pace=pace, writes=not options.dry)
    return await _interruptible(asyncio.create_task(work))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    options, console = parser().parse_args(arguments), Console(highlight=False)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(run(options, console))
    except StackError as error:
        console.print(f"{error.component} {error.problem}\nWhat to do: {error.advice}", markup=False)
        return 1
    except asyncio.CancelledError:
        return 130


if __name__ == "__main__":
    sys.exit(main())
