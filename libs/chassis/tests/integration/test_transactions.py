"""One transaction is one pipeline: errors come late, never too late."""

import pytest
from psycopg.errors import ForeignKeyViolation, UniqueViolation
from spine_kit import Spine

pytestmark = pytest.mark.infra
_COUNT_UP = "INSERT INTO counters VALUES (%s, 1)"


async def test_a_failed_statement_that_nobody_waited_for_fails_the_commit(spine: Spine) -> None:
    with pytest.raises(UniqueViolation):
        async with spine.db.hot_transaction() as tx:
            await tx.execute(_COUNT_UP, ("a",))
            await tx.execute(_COUNT_UP, ("a",))

    assert await spine.count("counters") == 0


async def test_a_failure_that_was_caught_cannot_pass_for_a_commit(spine: Spine) -> None:
    with pytest.raises(RuntimeError, match="rolled back"):
        async with spine.db.hot_transaction() as tx:
            await tx.execute(_COUNT_UP, ("a",))
            with pytest.raises(UniqueViolation):
                await tx.count(_COUNT_UP, ("a",))

    assert await spine.count("counters") == 0


async def test_a_check_that_waits_for_the_commit_fails_it(spine: Spine) -> None:
    async with spine.db.hot_transaction() as tx:
        await tx.execute("CREATE TABLE IF NOT EXISTS late (id int PRIMARY KEY, next int)")
        await tx.execute("ALTER TABLE late ADD FOREIGN KEY (next) REFERENCES late (id) DEFERRABLE INITIALLY DEFERRED")
    with pytest.raises(ForeignKeyViolation):
        async with spine.db.hot_transaction() as tx:
            await tx.execute("INSERT INTO late VALUES (1, 2)")

    assert await spine.count("late") == 0
    async with spine.db.hot_transaction() as tx:
        await tx.execute("DROP TABLE late")


async def test_connections_are_clean_after_failures(spine: Spine) -> None:
    for _ in range(20):
        with pytest.raises(ZeroDivisionError):
            async with spine.db.hot_transaction() as tx:
                await tx.execute(_COUNT_UP, ("a",))
                1 / 0  # noqa: B018

    async with spine.db.hot_transaction() as tx:
        assert await tx.count(_COUNT_UP, ("b",)) == 1
        assert await tx.count("UPDATE counters SET sequence = 2") == 1
    assert await spine.count("counters") == 1
