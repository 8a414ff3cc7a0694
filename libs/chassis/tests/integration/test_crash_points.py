"""A service that is killed at any step and started again ends as if nothing had happened (reliability.md 2.4)."""

import pytest
from spine_kit import Spine, first_copies, has_effects, has_rows, write
from spine_process import dies_at, serving

from testkit import eventually

pytestmark = [pytest.mark.infra, pytest.mark.timeout(120)]
KEYS = ("a", "b", "c")
EACH = 4

POINTS = {
    "relay.before_publish": 1,
    "relay.after_publish": 2,
    "relay.after_delete": 2,
    "relay.after_commit": 1,
    "consumer.after_claim": 1,
    "consumer.before_commit": 1,
    "consumer.after_commit": 1,
    "consumer.after_offset": 1,
}
"""Crash point -> how often each event stands in the topic afterwards; consumers see through the second copy."""


@pytest.mark.parametrize("point", POINTS)
async def test_killed_and_started_again_everything_has_happened_once(spine: Spine, point: str) -> None:
    for value in range(EACH):
        for key in KEYS:
            await write(spine, key, value)

    await dies_at(spine, point)
    async with serving(spine):
        await eventually(lambda: has_rows(spine, "outbox", 0), timeout=30)
        await eventually(lambda: has_effects(spine, len(KEYS) * EACH), timeout=30)

    effects = await spine.effects()
    for key in KEYS:
        assert [value for name, value in effects if name == key] == list(range(EACH))
    assert await spine.count("inbox") == len(KEYS) * EACH
    records = await spine.read(spine.topic)
    assert len(records) == len(KEYS) * EACH * POINTS[point]
    assert first_copies(records) == {key: list(range(1, EACH + 1)) for key in KEYS}
    assert await spine.read(spine.dead_letters) == []


async def test_killed_before_its_commit_the_relay_keeps_what_it_could_not_delete(spine: Spine) -> None:
    await write(spine, "a", 1)

    await dies_at(spine, "relay.after_delete", "relay")

    assert await spine.count("outbox") == 1
    assert len(await spine.read(spine.topic)) == 1


async def test_killed_before_its_commit_the_consumer_leaves_no_trace(spine: Spine) -> None:
    await write(spine, "a", 1)

    await dies_at(spine, "consumer.before_commit")

    assert (await spine.effects(), await spine.count("inbox")) == ([], 0)


async def test_killed_after_its_commit_the_consumer_drops_what_comes_again(spine: Spine) -> None:
    await write(spine, "a", 1)

    await dies_at(spine, "consumer.after_commit")
    assert (await spine.effects(), await spine.count("inbox")) == ([("a", 1)], 1)
    await write(spine, "a", 2)
    async with serving(spine):
        await eventually(lambda: has_effects(spine, 2), timeout=30)

    assert await spine.effects() == [("a", 1), ("a", 2)]
