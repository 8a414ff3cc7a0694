"""Looking into a running service from a terminal: dead letters, parked keys, the outbox."""

import pytest
from aiokafka import AIOKafkaProducer
from spine_kit import Spine, Ticked, has_effects, has_rows, write
from spine_process import command, serving

from testkit import Tape, eventually

pytestmark = [pytest.mark.infra, pytest.mark.timeout(120)]


async def bury(spine: Spine, value: bytes, *, key: str, reason: str) -> None:
    """Put a record where the consumer puts what it cannot read."""
    record = Tape().record(Ticked(key=key, value=5), key, 1)
    notes = {"consumer": spine.group, "topic": spine.topic, "partition": "0", "offset": "3", "reason": reason}
    headers = [*record.headers, *((f"dlq-{name}", told.encode()) for name, told in notes.items())]
    producer = AIOKafkaProducer(bootstrap_servers=spine.brokers)
    await producer.start()
    await producer.send_and_wait(spine.dead_letters, value, key=key.encode(), headers=headers)
    await producer.stop()


async def test_dead_letters_are_listed_shown_and_run_again(spine: Spine) -> None:
    await bury(spine, b"{nonsense", key="junk", reason="bad-data")
    await bury(spine, Ticked(key="late", value=5).to_json(), key="late", reason="unknown-major")

    listed = await command(spine, "dlq", "list")
    (shown,) = await command(spine, "dlq", "show", "--key", "junk")
    planned = await command(spine, "dlq", "replay", "--dry-run")
    assert await spine.effects() == []
    replayed = await command(spine, "dlq", "replay")
    await command(spine, "dlq", "replay")

    assert sorted((one["key"], one["reason"]) for one in listed) == [("junk", "bad-data"), ("late", "unknown-major")]
    assert (shown["body"], shown["topic"], shown["offset"]) == ("{nonsense", spine.topic, "3")
    assert ["ce_subject", "junk"] in shown["headers"]
    assert len(planned) == 2
    assert {one["key"]: one["replayed"] for one in replayed} == {"junk": False, "late": True}
    assert await spine.effects() == [("late", 5)]


async def test_parked_keys_are_listed_and_drained_in_order(spine: Spine) -> None:
    for value in range(3):
        await write(spine, "bad", value)
    await write(spine, "good", 9)
    async with serving(spine, SPINE_BROKEN_KEY="bad"):
        await eventually(lambda: has_rows(spine, "parked_events", 3), timeout=30)
        await eventually(lambda: has_effects(spine, 1), timeout=30)

    (listed,) = await command(spine, "parked", "list")
    assert (listed["key"], listed["events"]) == ("bad", 3)
    assert await command(spine, "parked", "drain", "--key", "another") == []
    (drained,) = await command(spine, "parked", "drain")

    assert drained["drained"] == 3
    assert await spine.effects() == [("good", 9), ("bad", 0), ("bad", 1), ("bad", 2)]
    assert await command(spine, "parked", "list") == []


async def test_the_outbox_tells_what_waits(spine: Spine) -> None:
    (empty,) = await command(spine, "outbox")
    await write(spine, "a", 1)
    (waiting,) = await command(spine, "outbox")

    assert (empty["waiting"], empty["oldest"]) == (0, None)
    assert (waiting["waiting"], waiting["parked"]) == (1, 0)
    assert waiting["oldest"]
