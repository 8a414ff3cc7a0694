"""An operator's commands against a real database and a real broker."""

import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from spine_kit import Spine, Ticked, drained, has_effects, relay_of, worker_of, write
from spine_process import environment

from chassis.consume import Consumer, Subscription
from chassis.db import HotTransaction
from runtime import halles
from runtime.lag import Behind, behind
from testkit import Tape, eventually

pytestmark = [pytest.mark.infra, pytest.mark.timeout(120)]
Operate = Callable[..., Awaitable[tuple[int, list[dict[str, Any]], list[dict[str, Any]]]]]


@pytest.fixture
def operate(spine: Spine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Operate:
    """``halles …`` in this process: exit code, answers, errors."""
    for name, value in environment(spine).items():
        monkeypatch.setenv(name, value)

    async def run(*words: str) -> tuple[int, list[dict[str, Any]], list[dict[str, Any]]]:
        capsys.readouterr()
        code = await halles.operate(halles.parser().parse_args(words))
        told = capsys.readouterr()
        lines = ([json.loads(line) for line in text.splitlines() if line[:1] == "{"] for text in (told.out, told.err))
        return code, *lines

    return run


async def park(spine: Spine, key: str) -> None:
    """As a bug would."""

    async def bug(tx: HotTransaction, batch: Any) -> None:
        raise KeyError("a bug")

    subscription = Subscription(group=spine.group, handlers={spine.topic: bug})
    await Consumer(spine.db, subscription).process([Tape().record(Ticked(key=key, value=7), key, 1)])


async def bury(spine: Spine, value: bytes, *, key: str) -> None:
    record = Tape().record(Ticked(key=key, value=5), key, 1)
    notes = {"consumer": spine.group, "topic": spine.topic, "partition": "0", "offset": "3", "reason": "bad-data"}
    headers = [*record.headers, *((f"dlq-{name}", told.encode()) for name, told in notes.items())]
    producer = AIOKafkaProducer(bootstrap_servers=spine.brokers)
    await producer.start()
    await producer.send_and_wait(spine.dead_letters, value, key=key.encode(), headers=headers)
    await producer.stop()


async def test_lag_counts_what_a_group_has_not_read_and_its_age(spine: Spine) -> None:
    for value in (1, 2, 3):
        await write(spine, f"k{value}", value)
    async with relay_of(spine) as relay:
        await drained(relay)

    (never_read,) = await behind(spine.brokers, {spine.group: [spine.topic, "not.there.v1"]})
    async with worker_of(spine):
        await eventually(lambda: has_effects(spine, 3))
    (read,) = await behind(spine.brokers, {spine.group: [spine.topic]})

    assert (never_read.group, never_read.topic, never_read.messages) == (spine.group, spine.topic, 3)
    assert never_read.seconds is not None and 0 <= never_read.seconds < 90
    assert read == Behind(spine.group, spine.topic, 0, None)


async def test_parked_events_are_listed_and_drained(spine: Spine, operate: Operate) -> None:
    await park(spine, "first")
    await park(spine, "second")

    _, listed, _ = await operate("parked", "list")
    _, planned, _ = await operate("parked", "drain", "--key", "second", "--dry-run")
    assert await spine.effects() == []
    code, drained_ones, errors = await operate("parked", "drain", "--key", "second", "--service", "spine")

    assert [one["key"] for one in listed] == ["first", "second"] and {one["consumer"] for one in listed} == {
        spine.group
    }
    assert [one["key"] for one in planned] == ["second"]
    assert (code, errors, [one["drained"] for one in drained_ones]) == (0, [], [1])
    assert await spine.effects() == [("second", 7)]
    assert await spine.count("parked_events") == 1


async def test_dead_letters_are_shown_and_run_again(spine: Spine, operate: Operate) -> None:
    await bury(spine, b"{nonsense", key="junk")
    await bury(spine, Ticked(key="late", value=5).to_json(), key="late")

    _, listed, _ = await operate("dlq", "list")
    _, (shown,), _ = await operate("dlq", "show", "--key", "junk")
    _, planned, _ = await operate("dlq", "replay", "--key", "late", "--dry-run")
    assert await spine.effects() == []
    code, replayed, _ = await operate("dlq", "replay")

    assert {one["key"] for one in listed} == {"junk", "late"} and shown["body"] == "{nonsense"
    assert [one["key"] for one in planned] == ["late"]
    assert code == 0 and {one["key"]: one["replayed"] for one in replayed} == {"junk": False, "late": True}
    assert await spine.effects() == [("late", 5)]


async def test_a_services_own_commands_and_what_is_refused(
    spine: Spine, operate: Operate, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await operate("republish", "spine", "--dry-run") == (0, [{"service": "spine", "dry": True}], [])
    assert await operate("rebuild", spine.group, "--dry-run") == (1, [], [await _not_installed(spine.group)])
    monkeypatch.setenv("SPINE_GROUP", "spine.index")
    assert await operate("rebuild", "spine.index") == (0, [{"projection": "spine.index", "dry": False}], [])

    code, _, (unknown,) = await operate("rebuild", "spine.other")
    assert code == 1 and "spine has: spine.index" in unknown["error"]
    code, _, (absent,) = await operate("lag", "--service", "nobody")
    assert code == 1 and "nobody" in absent["error"]
    monkeypatch.setenv("SPINE_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    code, _, (away,) = await operate("parked", "list")
    assert code == 1 and away["service"] == "spine"


async def _not_installed(name: str) -> dict[str, str]:
    return {"error": f"the package of {name!r} is not installed here: run this where the service runs"}


def test_the_console_script_says_in_one_line_what_is_missing() -> None:
    done = subprocess.run([sys.executable, "-m", "runtime.halles", "lag"], env={}, capture_output=True, check=False)

    assert done.returncode == 1 and done.stdout == b""
    assert "KAFKA_BROKERS is not set" in json.loads(done.stderr)["error"]
