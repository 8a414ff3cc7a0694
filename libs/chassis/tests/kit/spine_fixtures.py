"""A database with the technical tables and a little table of effects; topics of its own for each test."""

import os
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import psycopg
import pytest
import pytest_asyncio
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from spine_kit import TABLES, Spine, Ticked

from chassis.db import Database
from contracts.registry import BY_TYPE, MAJORS
from testkit import Servers


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    server = Servers.from_environment().postgres
    name = f"test_spine_{os.getpid()}_{uuid.uuid4().hex[:6]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    url = server.rsplit("/", 1)[0] + f"/{name}"
    with psycopg.connect(url, autocommit=True) as inside:
        inside.execute(TABLES)
    yield url
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture(loop_scope="session")
async def db(database_url: str) -> AsyncIterator[Database]:
    with psycopg.connect(database_url, autocommit=True) as inside:
        inside.execute("TRUNCATE outbox, inbox, idempotency_keys, parked_events, effects, counters RESTART IDENTITY")
    database = Database(database_url, name="spine", pool_size=10)
    await database.open()
    yield database
    await database.close()


@pytest_asyncio.fixture(loop_scope="session")
async def spine(db: Database, database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Spine]:
    made = named_spine(db, database_url, Servers.from_environment().kafka, monkeypatch)
    async with administration(made.brokers) as admin:
        await admin.create_topics([NewTopic(name, 3, 1) for name in (made.topic, made.dead_letters)])
        yield made
        await admin.delete_topics([made.topic, made.dead_letters])


def named_spine(db: Database, url: str, brokers: str, monkeypatch: pytest.MonkeyPatch) -> Spine:
    """A spine with a topic and a group that nobody else has; its event is known while the test runs."""
    unique = uuid.uuid4().hex[:8]
    topic, group = f"spine.t{unique}.v1", f"g{unique}"
    monkeypatch.setitem(BY_TYPE, Ticked.type, Ticked)
    monkeypatch.setitem(MAJORS, "spine.ticked", frozenset({1}))
    monkeypatch.setattr(Ticked, "topic", topic)
    return Spine(db, url, brokers, topic, group)


@asynccontextmanager
async def administration(brokers: str) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=brokers)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()
