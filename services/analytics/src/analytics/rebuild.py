"""Makes the projections anew from the first event in Kafka, beside the live ones, and switches in one transaction.

Live batches hold a lock shared; the last stretch of a rebuild holds it alone, so that nothing falls between the two.
Needs the owner's address, because it creates a schema.
"""

import re
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition

from analytics.consumers import GROUP, REBUILD_LOCK, rebuilding_subscription
from analytics.settings import Settings
from chassis.broker import connection
from chassis.consume import Consumer, Subscription
from chassis.db import Database, HotTransaction
from runtime.answers import dry_run, show
from runtime.inspect import places_of
from runtime.run import Service

log = structlog.get_logger()
SHADOW = "rebuilding"
_MIGRATIONS = ("2026-11-23_create_projections", "2026-11-23_count_audience")
"""Those that make projections."""


async def rebuild(service: Service, arguments: Sequence[str]) -> None:
    """The command ``python -m analytics rebuild``."""
    settings = service.settings
    is_dry = dry_run("rebuild", arguments)
    if not isinstance(settings, Settings) or settings.owner_database_url is None:
        raise SystemExit("ANALYTICS_OWNER_DATABASE_URL is not set: a rebuild creates tables")
    if is_dry:
        show({"projection": GROUP, "would_read": await _waiting(settings)})
        return
    db = Database(settings.owner_database_url.get_secret_value(), name="analytics-rebuild")
    await db.open()
    try:
        await run(db, rebuilding_subscription(settings.market_timezone), settings.kafka_brokers)
    finally:
        await db.close()
    show({"projection": GROUP, "rebuilt": len(_table_names())})


async def _waiting(settings: Settings) -> int:
    """How many records a rebuild would read."""
    consumer = AIOKafkaConsumer(**connection(settings.kafka_brokers))
    await consumer.start()
    try:
        places = await places_of(settings.kafka_brokers, rebuilding_subscription(settings.market_timezone).topics)
        consumer.assign(places)
        begins, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
    finally:
        await consumer.stop()
    return sum(ends[place] - begins[place] for place in places)


async def run(db: Database, subscription: Subscription, brokers: str) -> None:
    """Rebuild with the live handlers; the group's offsets are left alone."""
    tables = _table_names()
    await _create_shadow(db)
    shadow = _ShadowDatabase(db)
    reader = Consumer(shadow, subscription)  # type: ignore[arg-type]
    consumer = AIOKafkaConsumer(**connection(brokers), auto_offset_reset="earliest")
    await consumer.start()
    try:
        places = await places_of(brokers, subscription.topics)
        consumer.assign(places)
        await _read_to_end(consumer, places, reader)
        async with db.hot_transaction() as tx:
            await tx.execute("SELECT pg_advisory_xact_lock(%s)", (REBUILD_LOCK,))
            await _read_to_end(consumer, places, reader)
            await _switch(tx, tables)
    finally:
        await consumer.stop()
    log.info("analytics.rebuilt", tables=len(tables))


class _ShadowDatabase:
    """The same handlers, writing into the shadow schema (each table there hides the live one)."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def hot_transaction(self) -> Any:
        return _ShadowTransaction(self._db)

    def reading(self) -> Any:
        return self._db.reading()


class _ShadowTransaction:
    def __init__(self, db: Database) -> None:
        self._context = db.hot_transaction()

    async def __aenter__(self) -> HotTransaction:
        tx = await self._context.__aenter__()
        await tx.execute(f"SET LOCAL search_path TO {SHADOW}, public")
        return tx

    async def __aexit__(self, *error: Any) -> Any:
        return await self._context.__aexit__(*error)


def _projections() -> str:
    migrations = [import_module(f"analytics.migrations.versions.{name}") for name in _MIGRATIONS]
    return "".join(migration.PROJECTIONS for migration in migrations)


def _table_names() -> list[str]:
    return re.findall(r"CREATE TABLE (\w+)", _projections())


async def _create_shadow(db: Database) -> None:
    async with db.hot_transaction() as tx:
        await tx.execute(f"DROP SCHEMA IF EXISTS {SHADOW} CASCADE")
        await tx.execute(f"CREATE SCHEMA {SHADOW}")
        await tx.execute(f"SET LOCAL search_path TO {SHADOW}")
        for statement in _projections().split(";"):
            if statement.strip():
                await tx.execute(statement)
        for table in ("inbox", "outbox", "parked_events"):
            await tx.execute(f"CREATE TABLE {table} (LIKE public.{table} INCLUDING ALL)")


async def _read_to_end(consumer: AIOKafkaConsumer, places: list[TopicPartition], reader: Consumer) -> None:
    ends = await consumer.end_offsets(places)
    while any([await consumer.position(place) < ends[place] for place in places]):
        for records in (await consumer.getmany(timeout_ms=500, max_records=500)).values():
            await reader.process(records)


async def _switch(tx: HotTransaction, tables: list[str]) -> None:
    if parked := await tx.rows(f"SELECT key, error FROM {SHADOW}.parked_events LIMIT 5"):  # noqa: S608
        raise RuntimeError(f"some events could not be projected, nothing is switched: {parked}")
    seen = f"INSERT INTO public.inbox SELECT * FROM {SHADOW}.inbox WHERE consumer = %s ON CONFLICT DO NOTHING"  # noqa: S608
    await tx.execute(seen, (GROUP,))
    for table in tables:
        await tx.execute(f"DROP TABLE public.{table}")
        await tx.execute(f"ALTER TABLE {SHADOW}.{table} SET SCHEMA public")
        await tx.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON public.{table} TO analytics")
    await tx.execute(f"DROP SCHEMA {SHADOW} CASCADE")
