"""``halles``: what an operator does to a running market. Addresses come from the environment, as those of the services do.

A service is reached when its settings are there (``ORDER_DATABASE_URL`` …) and its package is installed; ``lag`` needs
``KAFKA_BROKERS`` alone. Answers are JSON, one object a line, on standard output; errors too, on standard error. Exit code 0:
done; 1: something could not be done; 2: the command was not understood.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from aiokafka.errors import KafkaError
from pydantic import ValidationError

from chassis.failures import AWAY
from contracts.topics import load
from runtime import commands, log
from runtime.answers import show
from runtime.lag import behind
from runtime.run import Service

_SUFFIX = "_DATABASE_URL"
_OWNER = "_OWNER_DATABASE_URL"


class Refused(Exception):
    """What stands in the way, for the operator."""


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of the console script."""
    options = parser().parse_args(argv)
    log.configure("halles", "WARNING", file=sys.stderr)
    return asyncio.run(operate(options))


async def operate(options: argparse.Namespace) -> int:
    """Do what was asked for; the exit code."""
    try:
        return await _run(options)
    except Refused as error:
        return _failed(str(error))
    except KafkaError as error:
        servers = os.environ.get("KAFKA_BROKERS", "").rpartition("@")[2]
        return _failed(f"Kafka does not answer at {servers}: {error}")


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="halles", description=__doc__.partition("\n")[0] if __doc__ else None)
    known = parser.add_subparsers(dest="command", required=True)
    one = known.add_parser("lag", help="how far each consumer group is behind, in messages and seconds")
    one.add_argument("--service", help="only the groups of this service")
    one.add_argument(
        "--over", type=float, default=0.0, metavar="SECONDS", help="exit with 1 when a group is further behind"
    )
    for name, actions, told in (
        ("dlq", ["list", "show", "replay"], "records that no consumer could read"),
        ("parked", ["list", "drain"], "events that wait behind a failed one of their key"),
    ):
        one = known.add_parser(name, help=told)
        one.add_argument("action", choices=actions)
        one.add_argument("--service", help="only this service; otherwise all that the environment names")
        one.add_argument("--key", help="only this key")
        one.add_argument("--dry-run", action="store_true", help="say what would be done")
    one = known.add_parser("republish", help="tell the state of everything that a service owns once more")
    one.add_argument("service")
    one.add_argument("--dry-run", action="store_true", help="count only")
    one = known.add_parser("rebuild", help="make a projection anew from the log, while the old one serves")
    one.add_argument("projection", help="its consumer group, as lag names it")
    one.add_argument("--dry-run", action="store_true", help="count only")
    return parser


async def _run(options: argparse.Namespace) -> int:
    match options.command:
        case "lag":
            return await _lag(options)
        case "dlq" | "parked":
            arguments = [options.action, *(["--key", options.key] if options.key else []), *_dry(options)]
            names = [options.service] if options.service else _named()
            return max([await _inside(name, options.command, arguments) for name in names])
        case "republish":
            return await _inside(options.service, "republish", _dry(options))
        case _:
            return await _inside(_owner_of(options.projection), "rebuild", _dry(options))


async def _lag(options: argparse.Namespace) -> int:
    brokers = os.environ.get("KAFKA_BROKERS")
    if not brokers:
        raise Refused("KAFKA_BROKERS is not set: lag is what the broker counts")
    groups: dict[str, list[str]] = {}
    for topic in load():
        for group in topic.consumers:
            if group != "gateway" and options.service in (None, group.partition(".")[0]):
                groups.setdefault(group, []).append(topic.name)
    if not groups:
        raise Refused(f"no consumer group belongs to {options.service!r}")
    found = await behind(brokers, groups)
    for one in found:
        show(asdict(one))
    return int(options.over > 0 and any((one.seconds or 0.0) > options.over for one in found))


async def _inside(name: str, command: str, arguments: Sequence[str]) -> int:
    """A command of a service, in this process; its failures are told and the next service has its turn."""
    try:
        service = _built(name)
        if command not in commands.KNOWN and command not in service.commands:
            raise Refused(f"{name} has no {command}")
        await commands.run(service, command, arguments)
    except Refused as error:
        return _failed(str(error), service=name)
    except SystemExit as error:
        return _failed(str(error), service=name) if error.code else 0
    except (*AWAY, KafkaError, OSError) as error:
        return _failed(f"{type(error).__name__}: {error}", service=name)
    return 0


def _built(name: str) -> Service:
    if find_spec(name) is None or find_spec(f"{name}.app") is None:
        raise Refused(f"the package of {name!r} is not installed here: run this where the service runs")
    settings: Any = import_module(f"{name}.settings").Settings
    try:
        built: Service = import_module(f"{name}.app").build(settings())
    except ValidationError as error:
        lacking = sorted(str(one["loc"][0]) for one in error.errors())
        raise Refused(f"settings of {name} are missing or wrong: {', '.join(lacking)}") from None
    return built


def _named() -> list[str]:
    """Services whose database the environment names."""
    found = [name for name in os.environ if name.endswith(_SUFFIX) and not name.endswith(_OWNER)]
    names = sorted(name.removesuffix(_SUFFIX).lower() for name in found)
    if not names:
        raise Refused("the environment names no service: set ORDER_DATABASE_URL and so on, as the services have them")
    return names


def _owner_of(projection: str) -> str:
    name = projection.partition(".")[0]
    projections = [one.group for one in _built(name).subscriptions if one.replays or one.effects]
    if projection not in projections:
        raise Refused(f"{projection!r} is not a projection; {name} has: {', '.join(projections) or 'none'}")
    return name


def _dry(options: argparse.Namespace) -> list[str]:
    return ["--dry-run"] if options.dry_run else []


def _failed(text: str, **told: str) -> int:
    sys.stderr.write(json.dumps({**told, "error": text}, ensure_ascii=False) + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
