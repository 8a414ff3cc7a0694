"""The command line: `python -m halles_local COMMAND`."""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Sequence
from functools import partial

from rich.console import Console
from rich.markup import escape

from halles_local.errors import StackError
from halles_local.stack import Stack

LOG_LINES = 25
INTERRUPTED = 130


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    main = argparse.ArgumentParser(prog="python -m halles_local", description=__doc__)
    commands = main.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start everything and wait until it works")
    commands.add_parser("down", help="stop everything")
    status = commands.add_parser("status", help="show every process")
    status.add_argument("--json", action="store_true", help="for scripts")
    logs = commands.add_parser("logs", help="show and follow the log of a process")
    logs.add_argument("name")
    logs.add_argument("--lines", type=int, default=200)
    restart = commands.add_parser("restart", help="restart a process with the code and settings of now")
    restart.add_argument("name")
    reset = commands.add_parser("reset", help="stop everything and delete all data of the stack")
    reset.add_argument("--yes", action="store_true", help="do not ask")
    commands.add_parser("infra-up", help="start PostgreSQL, Kafka and OpenSearch only")
    commands.add_parser("infra-down", help="stop what infra-up started")
    environment = commands.add_parser("env", help="print the environment of a process")
    environment.add_argument("name", nargs="?", help="without it: the shared addresses")
    inside = commands.add_parser("run", help="run a command of a service with its environment: run payment dlq list")
    inside.add_argument("name")
    inside.add_argument("arguments", nargs=argparse.REMAINDER)
    operate = commands.add_parser("halles", help="an operator's command against the running stack: halles lag")
    operate.add_argument("arguments", nargs=argparse.REMAINDER)
    commands.add_parser("seed", help="fill the market with its demo content")
    commands.add_parser("demo", help="play the main journey against the running stack")
    commands.add_parser("compose-secrets", help="make the keys and passwords that compose.yaml asks for")
    test = commands.add_parser("test", help="run pytest on servers of its own")
    test.add_argument("arguments", nargs=argparse.REMAINDER, help="-- and arguments for pytest")
    return main


def run(options: argparse.Namespace, stack: Stack, console: Console) -> int:
    """Run one command; its module is imported here so that quick commands stay quick."""
    # ruff: noqa: PLC0415
    match options.command:
        case "up":
            from halles_local.commands.up import up

            up(stack, console)
        case "down":
            from halles_local.commands.down import down

            down(stack, console)
        case "infra-up":
            from halles_local.commands.infra import infra_up, kept, test_stack

            servers = test_stack(stack)
            for name, value in infra_up(servers, Console(stderr=True)).items():
                print(f"export {name}={value}")
            kept(servers).touch()
        case "infra-down":
            from halles_local.commands.infra import infra_down, test_stack

            infra_down(test_stack(stack), console)
        case "test":
            from halles_local.commands.test import test

            return test(stack, [word for word in options.arguments if word != "--"])
        case _:
            return _inspect(options, stack, console)
    return 0


def _inspect(options: argparse.Namespace, stack: Stack, console: Console) -> int:
    match options.command:
        case "status":
            from halles_local.commands.status import status

            status(stack, console, as_json=options.json)
        case "logs":
            from halles_local.commands.processes import follow_log

            follow_log(stack, options.name, lines=options.lines)
        case "restart":
            from halles_local.commands.processes import restart

            restart(stack, options.name, console)
        case "reset":
            from halles_local.commands.reset import reset

            reset(stack, console, confirmed=options.yes)
        case "env":
            from halles_local.commands.processes import print_environment

            print_environment(stack, options.name)
        case "compose-secrets":
            from halles_local.commands.compose import compose_secrets

            compose_secrets(stack, console)
        case "run":
            from halles_local.commands.processes import run_inside

            run_inside(stack, options.name, options.arguments)
        case "halles":
            from halles_local.commands.processes import run_halles

            run_halles(stack, options.arguments)
        case "seed" | "demo" as module:
            from halles_local.commands.content import run_module

            return run_module(stack, module)
    return 0


def show(error: StackError, console: Console) -> None:
    """Print what failed, the end of its log and what to do."""
    if error.log is not None and error.log.exists():
        console.print(f"[dim]── the end of {error.log} ──[/]")
        lines = error.log.read_text(errors="replace").splitlines()[-LOG_LINES:]
        console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)
    console.print(f"[bold red]{error.component}[/] {escape(error.problem)}", highlight=False, soft_wrap=True)
    console.print(f"[bold]What to do:[/] {error.advice}", highlight=False, soft_wrap=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # A server that is not there yet is what we wait for, and the steps say so.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    options = parser().parse_args(arguments)
    console = Console(highlight=False)
    if options.command in ("up", "infra-up"):
        signal.signal(signal.SIGINT, partial(_leave_at_once, console))
    try:
        return run(options, Stack.from_environment(), console)
    except StackError as error:
        show(error, Console(stderr=True))
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def _leave_at_once(console: Console, *_: object) -> None:
    """End without waiting for the threads that wait for servers; what was started stays supervised."""
    console.show_cursor()
    console.print("Interrupted. `make up` goes on from here, `make down` stops what was started.")
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    sys.exit(main())
