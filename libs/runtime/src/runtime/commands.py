"""Commands to look inside a service: dead letters, parked keys, the outbox, its API document; and its migrations."""

import argparse
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaConsumer

from chassis.broker import connection
from chassis.consume import Consumer, Subscription
from chassis.db import Database
from chassis.settings import ProcessSettings, ServiceSettings
from contracts.topics import dead_letter_name
from runtime import migrate as migrations
from runtime.answers import show
from runtime.inspect import Kept, drain, kept_from, parked_keys, places_of

if TYPE_CHECKING:
    from runtime.run import Service


def migrate(name: str, settings: ProcessSettings, command: str, arguments: Sequence[str]) -> None:
    """``migrate`` to the newest revision, or ``revision -m "…"`` to write one; needs the owner's address."""
    owner = settings.owner_database_url if isinstance(settings, ServiceSettings) else None
    if owner is None:
        sys.exit(f"{name.upper()}_OWNER_DATABASE_URL is not set: migrations run as the owner of the schema")
    if command == "migrate":
        migrations.upgrade(name, owner.get_secret_value())
        return
    parser = argparse.ArgumentParser(prog=f"python -m {name} revision")
    parser.add_argument("-m", required=True, help="what changes")
    migrations.revise(name, owner.get_secret_value(), parser.parse_args(arguments).m)


Command = Callable[["Service", Sequence[str]], Any]


async def run(service: "Service", command: str, arguments: Sequence[str]) -> None:
    """Run one command against the service's database and topics; ends with exit code 1 when something could not be done."""
    from runtime.run import opened  # noqa: PLC0415 - run imports this module

    known = {**KNOWN, **service.commands}
    if command not in known:
        sys.exit(
            f"unknown command {command!r}; there are: serve, api, worker, relay, migrate, revision, {', '.join(known)}"
        )
    if command == "openapi":
        await _openapi(service, arguments)
        return
    async with opened(service):
        await known[command](service, arguments)


async def _openapi(service: "Service", _: Sequence[str]) -> None:
    api: Any = service.api
    show(api.openapi())


async def _outbox(service: "Service", _: Sequence[str]) -> None:
    async with _db(service).reading() as tx:
        show(
            await tx.row(
                "SELECT count(*) AS waiting, min(created_at) AS oldest, count(parked_at) AS parked FROM outbox"
            )
        )


async def _parked(service: "Service", arguments: Sequence[str]) -> None:
    """``list`` | ``drain [--key K] [--dry-run]``"""
    options = _options("parked", ["list", "drain"], arguments)
    for subscription in service.subscriptions:
        for key in await parked_keys(_db(service), subscription.group):
            if options.key not in (None, key["key"]):
                continue
            if options.action == "list" or options.dry_run:
                show(key)
            else:
                show({**key, "drained": await drain(_db(service), subscription, key["key"])})


async def _dlq(service: "Service", arguments: Sequence[str]) -> None:
    """``list`` | ``show`` (with headers and body) | ``replay [--key K] [--dry-run]`` through the same consumer"""
    options = _options("dlq", ["list", "show", "replay"], arguments)
    for subscription in service.subscriptions:
        async for kept in _dead_letters(service, subscription):
            if options.key not in (None, kept.key_text):
                continue
            if options.action == "replay" and not options.dry_run:
                show({**kept.summary(), "replayed": await kept.replay(Consumer(_db(service), subscription))})
            else:
                show(kept.summary() if options.action != "show" else kept.whole())


async def _dead_letters(service: "Service", subscription: Subscription) -> AsyncIterator[Kept]:
    names = [dead_letter_name(subscription.group, topic) for topic in subscription.topics]
    places = await places_of(service.settings.kafka_brokers, names)
    consumer = AIOKafkaConsumer(**connection(service.settings.kafka_brokers), auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        while any([await consumer.position(place) < ends[place] for place in places]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                for record in records:
                    yield kept_from(record)
    finally:
        await consumer.stop()


def _options(name: str, actions: list[str], arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=name)
    parser.add_argument("action", choices=actions)
    parser.add_argument("--key", help="only this key")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done")
    return parser.parse_args(arguments)


def _db(service: "Service") -> Database:
    if service.db is None:
        sys.exit(f"{service.name} has no database")
    return service.db


KNOWN: dict[str, Command] = {"dlq": _dlq, "parked": _parked, "outbox": _outbox, "openapi": _openapi}
"""Commands that every service has."""
