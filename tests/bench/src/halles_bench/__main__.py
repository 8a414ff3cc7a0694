"""The command line: ``python -m halles_bench run --scale 1k --ops list,page``."""

import argparse
import asyncio
import sys
from contextlib import nullcontext

from rich.console import Console

from halles_bench.operations.every import EVERY
from halles_bench.own_stack import own_stack
from halles_bench.profiling import profile
from halles_bench.running import run
from halles_bench.scales import SCALES
from halles_local.stack import Stack


def parser() -> argparse.ArgumentParser:
    """Return the parser."""
    main = argparse.ArgumentParser(prog="python -m halles_bench", description=__doc__)
    commands = main.add_subparsers(dest="command", required=True)
    measure = commands.add_parser("run", help="measure and store")
    measure.add_argument("--scale", choices=SCALES, default="1k", help="offers and past orders")
    measure.add_argument("--ops", default="", help=f"some of {','.join(EVERY)}; all when not given")
    measure.add_argument("--calls", type=int, help="at most so many calls a phase: a quick look, nothing is stored")
    measure.add_argument("--here", action="store_true", help="the stack that runs already, as it is; nothing is stored")
    measure.add_argument("--keep", action="store_true", help="leave the bench's stack running for the next run")
    picture = commands.add_parser("profile", help="a flame picture per process while an operation runs")
    picture.add_argument("--scale", choices=SCALES, default="1k")
    picture.add_argument("--op", choices=EVERY, required=True)
    picture.add_argument("--seconds", type=int, default=20)
    picture.add_argument("--form", choices=("flamegraph", "raw"), default="flamegraph")
    picture.add_argument("--only", default="", help="names of processes, as `make status` shows them")
    picture.add_argument("--here", action="store_true", help="the stack that runs already")
    picture.add_argument("--keep", action="store_true", help="leave the bench's stack running for the next run")
    return main


def main() -> int:
    """Run the command line; return the exit code."""
    options = parser().parse_args()
    stack, console = Stack.from_environment(), Console()
    chosen = _chosen(options)
    with nullcontext(stack) if options.here else own_stack(stack, options.scale, keep=options.keep) as used:
        if options.command == "profile":
            asyncio.run(
                profile(
                    used,
                    console,
                    word=options.op,
                    seconds=options.seconds,
                    form=options.form,
                    only=[n for n in options.only.split(",") if n],
                )
            )
        else:
            scale = "" if options.here else options.scale
            asyncio.run(run(used, console, chosen=chosen, scale=scale, calls=options.calls))
    return 0


def _chosen(options: argparse.Namespace) -> list[str]:
    if options.command != "run":
        return []
    chosen = [word for word in options.ops.split(",") if word] or list(EVERY)
    if unknown := [word for word in chosen if word not in EVERY]:
        sys.exit(f"unknown operations: {', '.join(unknown)}; known: {', '.join(EVERY)}")
    return chosen


if __name__ == "__main__":
    sys.exit(main())
