"""The broker and the database stop, freeze and die while writers, relay and consumers work: late is allowed, lost is not."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import psycopg
import pytest
import pytest_asyncio
from aiokafka.admin import NewTopic
from own_servers import OwnServers, own_servers
from spine_fixtures import administration, named_spine
from spine_kit import TABLES, Spine, first_copies, has_rows, write
from spine_process import serving

from chassis.db import Database
from chassis.failures import DATABASE_AWAY
from runtime.loops import Loop
from testkit import eventually

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]
OUTAGE = 30.0
LONGER = 33.0
"""Just after a doubling pause of psycopg's pool would have begun its next one of 32 s."""
KEYS = 5


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnServers]:
    with own_servers(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def spine(servers: OwnServers, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Spine]:
    with psycopg.connect(servers.postgres, autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS spine WITH (FORCE)")
        admin.execute("CREATE DATABASE spine")
    url = servers.postgres.rsplit("/", 1)[0] + "/spine"
    with psycopg.connect(url, autocommit=True) as inside:
        inside.execute(TABLES)
    db = Database(url, name="writer")
    await db.open()
    made = named_spine(db, url, servers.kafka, monkeypatch)
    async with administration(servers.kafka) as admin_client:
        await admin_client.create_topics([NewTopic(name, 3, 1) for name in (made.topic, made.dead_letters)])
    yield made
    await db.close()


@dataclass
class Writer:
    """Writes one numbered event after the other. What a lost connection left open may or may not have happened."""

    spine: Spine
    acknowledged: list[int] = field(default_factory=list)
    unclear: list[int] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    number: int = 0

    async def once(self) -> bool:
        self.number += 1
        try:
            await write(self.spine, f"key{self.number % KEYS}", self.number)
        except DATABASE_AWAY as error:
            self.unclear.append(self.number)
            self.failures.append(str(error))
        else:
            self.acknowledged.append(self.number)
        return False


@asynccontextmanager
async def writing(spine: Spine) -> AsyncIterator[Writer]:
    writer = Writer(spine)
    loop = Loop("writer", writer.once, seconds=0.03)
    task = asyncio.create_task(loop.run())
    try:
        yield writer
    finally:
        loop.stop()
        await task


async def passed(seconds: float) -> None:
    end = asyncio.get_running_loop().time() + seconds
    await eventually(lambda: asyncio.get_running_loop().time() > end, timeout=seconds + 5)


async def arrived(spine: Spine, number: int, *, timeout: float = 60) -> None:
    async def look() -> bool:
        try:
            return number in {value for _, value in await spine.effects()}
        except DATABASE_AWAY:
            return False

    await eventually(look, timeout=timeout)


async def assert_nothing_lost_or_doubled(spine: Spine, writer: Writer) -> None:
    await eventually(lambda: has_rows(spine, "outbox", 0), timeout=60)
    await arrived(spine, writer.acknowledged[-1])
    records = await spine.read(spine.topic)
    sequences = first_copies(records)

    async def consumed() -> bool:
        return await spine.count("inbox") == sum(len(numbers) for numbers in sequences.values())

    await eventually(consumed, timeout=30)
    for key, numbers in sequences.items():
        assert numbers == list(range(1, len(numbers) + 1)), f"{key}: gaps or inversions: {numbers}"
    effects = [value for _, value in await spine.effects()]
    assert len(effects) == len(set(effects)), "an event had its effect twice"
    assert set(writer.acknowledged) <= set(effects) <= {*writer.acknowledged, *writer.unclear}
    for key in sequences:
        values = [value for name, value in await spine.effects() if name == key]
        assert values == sorted(values), f"{key}: effects out of order"
    assert await spine.count("parked_events") == 0
    assert await spine.read(spine.dead_letters) == []


async def test_while_the_broker_hangs_and_after_it_died_writes_succeed_and_everything_arrives(
    spine: Spine, servers: OwnServers
) -> None:
    async with serving(spine):
        async with writing(spine) as writer:
            await eventually(lambda: writer.acknowledged)
            await arrived(spine, writer.acknowledged[0])

            before = len(writer.acknowledged)
            with servers.frozen("kafka"):
                await passed(OUTAGE)
            during = len(writer.acknowledged) - before
            await arrived(spine, writer.acknowledged[-1])

            servers.kill("kafka")
            await passed(2.0)
            last = writer.acknowledged[-1]
            await asyncio.to_thread(servers.up, "kafka")
            await arrived(spine, last)
        assert writer.failures == []
        assert during > OUTAGE
        await assert_nothing_lost_or_doubled(spine, writer)


async def test_a_database_that_stops_and_one_that_is_killed_lose_nothing(spine: Spine, servers: OwnServers) -> None:
    async with serving(spine):
        async with writing(spine) as writer:
            await eventually(lambda: writer.acknowledged)
            await arrived(spine, writer.acknowledged[0])

            await asyncio.to_thread(servers.down, "postgres")
            await passed(LONGER)
            await asyncio.to_thread(servers.up, "postgres")
            before = len(writer.acknowledged)
            await eventually(lambda: len(writer.acknowledged) > before, timeout=15)
            await arrived(spine, writer.acknowledged[before], timeout=15)

            servers.kill("postgres")
            await asyncio.to_thread(servers.up, "postgres")
            before = len(writer.acknowledged)
            await eventually(lambda: len(writer.acknowledged) > before, timeout=30)
        assert writer.failures != []
        await assert_nothing_lost_or_doubled(spine, writer)
