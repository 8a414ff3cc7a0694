"""Technical tables forget what is too old to matter, keep everything else, and never all in one transaction."""

import pytest
from spine_kit import Spine

from runtime import retention
from runtime.retention import Retention, inbox_age

pytestmark = pytest.mark.infra
_SEEN = """
INSERT INTO inbox (consumer, event_id, processed_at)
SELECT %(consumer)s, uuidv7(-%(born)s::interval), clock_timestamp() - %(processed)s::interval FROM generate_series(1, %(rows)s)
"""
_ANSWERED = """
INSERT INTO idempotency_keys (principal, route, key, fingerprint, status, body, created_at)
SELECT 'acc_1', 'POST /x', %(age)s || n, '', 200, '', clock_timestamp() - %(age)s::interval FROM generate_series(1, %(rows)s) AS n
"""


async def _seen(spine: Spine, consumer: str, *, born: str, processed: str, rows: int = 1) -> None:
    async with spine.db.hot_transaction() as tx:
        await tx.execute(_SEEN, {"consumer": consumer, "born": born, "processed": processed, "rows": rows})


async def _consumers(spine: Spine) -> list[str]:
    async with spine.db.reading() as tx:
        return [row["consumer"] for row in await tx.rows("SELECT DISTINCT consumer FROM inbox ORDER BY 1")]


async def _all_swept(spine: Spine) -> int:
    rounds = 1
    while await Retention(spine.db).sweep():
        rounds += 1
    return rounds


def test_the_inbox_remembers_a_week_longer_than_any_topic_that_forgets() -> None:
    assert inbox_age().days == 37


async def test_the_inbox_forgets_what_no_topic_can_bring_again(spine: Spine) -> None:
    await _seen(spine, "old", born="38 days", processed="38 days", rows=3)
    await _seen(spine, "parked-long-and-drained-today", born="38 days", processed="1 minute")
    await _seen(spine, "within-the-week-after", born="36 days", processed="36 days")
    await _seen(spine, "new", born="0 days", processed="0 days")

    await _all_swept(spine)

    assert await _consumers(spine) == ["new", "parked-long-and-drained-today", "within-the-week-after"]


async def test_answers_are_kept_for_two_days(spine: Spine) -> None:
    async with spine.db.hot_transaction() as tx:
        for age in ("49 hours", "47 hours"):
            await tx.execute(_ANSWERED, {"age": age, "rows": 2})

    await _all_swept(spine)

    async with spine.db.reading() as tx:
        kept = [row["key"] for row in await tx.rows("SELECT key FROM idempotency_keys ORDER BY key")]
    assert kept == ["47 hours1", "47 hours2"]


async def test_much_goes_in_batches(spine: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 4)
    await _seen(spine, "old", born="38 days", processed="38 days", rows=10)

    rounds = await _all_swept(spine)

    assert (rounds, await spine.count("inbox")) == (3, 0)


async def test_rows_that_another_replica_deletes_are_left_to_it(spine: Spine) -> None:
    await _seen(spine, "old", born="38 days", processed="38 days", rows=3)

    async with spine.db.hot_transaction() as tx:
        await tx.rows("SELECT 1 FROM inbox LIMIT 1 FOR UPDATE")
        await _all_swept(spine)
        assert await spine.count("inbox") == 1
