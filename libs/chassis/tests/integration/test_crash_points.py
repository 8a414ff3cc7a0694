"""A service that is killed at any step and started again ends as if nothing had happened (reliability.md 2.4)."""

import pytest
from spine_kit import Spine, first_copies, has_effects, has_rows, write
from spine_process import dies_at, serving

from testkit import eventually

pytestmark = [pytest.mark.infra, pytest.mark.timeout(120)]
KEYS = ("a", "b", "c")
EACH = 4
ALL = len(KEYS) * EACH

POINTS = {
    "relay.before_publish": (ALL, 0, 1),
    "relay.after_publish": (ALL, None, 2),
    "relay.after_delete": (ALL, None, 2),
    "relay.after_commit": (0, None, 1),
    "consumer.after_claim": (None, 0, 1),
    "consumer.before_commit": (None, 0, 1),
    "consumer.after_commit": (None, 1, 1),
    "consumer.after_offset": (None, 1, 1),
}
"""Crash point -> rows left in the outbox, effects at least (0: none at all), copies of each event in the topic at the end.
None where relay and consumer of the one process race."""


@pytest.mark.parametrize("point", POINTS)
async def test_killed_and_started_again_everything_has_happened_once(spine: Spine, point: str) -> None:
    for value in range(EACH):
        for key in KEYS:
            await write(spine, key, value)

    outbox, effects, copies = POINTS[point]
    await dies_at(spine, point)
    assert outbox is None or await spine.count("outbox") == outbox
    assert effects is None or min(await spine.count("effects"), 1) == effects
    assert await spine.count("effects") == await spine.count("inbox")
    async with serving(spine):
        await eventually(lambda: has_rows(spine, "outbox", 0), timeout=30)
        await eventually(lambda: has_effects(spine, ALL), timeout=30)

    told = await spine.effects()
    for key in KEYS:
        assert [value for name, value in told if name == key] == list(range(EACH))
    assert await spine.count("inbox") == ALL
    records = await spine.read(spine.topic)
    assert len(records) == ALL * copies
    assert first_copies(records) == {key: list(range(1, EACH + 1)) for key in KEYS}
    assert await spine.read(spine.dead_letters) == []
