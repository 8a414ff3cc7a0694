"""Looking into a running service from a terminal: dead letters, parked keys, the outbox."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import spine_app
from aiokafka import AIOKafkaProducer
from spine_kit import Spine, Ticked, has_effects, has_rows, write
from spine_process import command, environment, serving

from runtime import commands
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


Look = Callable[..., Awaitable[list[dict[str, Any]]]]


@pytest.fixture
def look(spine: Spine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Look:
    """A command in this process, which spares the start of another."""
    for name, value in environment(spine).items():
        monkeypatch.setenv(name, value)

    async def run(*arguments: str) -> list[dict[str, Any]]:
        capsys.readouterr()
        await commands.run(spine_app.build(spine_app.Settings()), arguments[0], arguments[1:])
        return [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]

    return run


async def test_dead_letters_are_listed_shown_and_run_again(spine: Spine, look: Look) -> None:
    await bury(spine, b"{nonsense", key="junk", reason="bad-data")
    await bury(spine, Ticked(key="late", value=5).to_json(), key="late", reason="unknown-major")

    listed = await look("dlq", "list")
    (shown,) = await look("dlq", "show", "--key", "junk")
    planned = await look("dlq", "replay", "--dry-run")
    assert await spine.effects() == []
    replayed = await look("dlq", "replay")
    await look("dlq", "replay")

    assert sorted((one["key"], one["reason"]) for one in listed) == [("junk", "bad-data"), ("late", "unknown-major")]
    assert (shown["body"], shown["topic"], shown["offset"]) == ("{nonsense", spine.topic, "3")
    assert ["ce_subject", "junk"] in shown["headers"]
    assert len(planned) == 2
    assert {one["key"]: one["replayed"] for one in replayed} == {"junk": False, "late": True}
    assert await spine.effects() == [("late", 5)]


async def test_parked_keys_are_listed_and_drained_in_order(spine: Spine, look: Look) -> None:
    for value in range(3):
        await write(spine, "bad", value)
    await write(spine, "good", 9)
    async with serving(spine, SPINE_BROKEN_KEY="bad"):
        await eventually(lambda: has_rows(spine, "parked_events", 3), timeout=30)
        await eventually(lambda: has_effects(spine, 1), timeout=30)

    (listed,) = await look("parked", "list")
    assert (listed["key"], listed["events"]) == ("bad", 3)
    assert await look("parked", "drain", "--key", "another") == []
    (drained,) = await command(spine, "parked", "drain")

    assert drained["drained"] == 3
    assert await spine.effects() == [("good", 9), ("bad", 0), ("bad", 1), ("bad", 2)]
    assert await look("parked", "list") == []


async def test_the_outbox_tells_what_waits(spine: Spine, look: Look) -> None:
    (empty,) = await look("outbox")
    await write(spine, "a", 1)
    (waiting,) = await look("outbox")

    assert (empty["waiting"], empty["oldest"]) == (0, None)
    assert (waiting["waiting"], waiting["parked"]) == (1, 0)
    assert waiting["oldest"]


async def test_a_command_that_is_none_says_which_there_are(look: Look) -> None:
    with pytest.raises(SystemExit, match="there are: serve, api, worker, relay, migrate"):
        await look("explode")
