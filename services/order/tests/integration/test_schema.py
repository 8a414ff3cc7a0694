"""Rules that the database itself keeps, and tables that are what the models say."""

from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from chassis.schema import TECHNICAL
from order.models import metadata


def test_models_and_migrations_agree(world: Any) -> None:
    engine = create_engine(world.db._url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        options = {
            "compare_type": True,
            "include_name": lambda name, kind, _: kind != "table" or name not in (*TECHNICAL, "alembic_version"),
        }
        context = MigrationContext.configure(connection, opts=options)
        found = compare_metadata(context, metadata)
    engine.dispose()

    assert found == []


@pytest.mark.parametrize("change", ["UPDATE saga_log SET trigger = 'x'", "DELETE FROM saga_log"])
async def test_the_log_is_append_only(world: Any, change: str) -> None:
    await world.ordered()

    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        await world.execute(change)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE order_lines SET amount = amount + 1",
        "UPDATE order_lines SET quantity = 0, amount = 0",
        "UPDATE orders SET total = -1",
    ],
)
async def test_impossible_amounts_cannot_be_stored(world: Any, change: str) -> None:
    await world.ordered()

    with pytest.raises(psycopg.errors.CheckViolation):
        await world.execute(change)


async def test_a_taken_number_is_drawn_again(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = iter(["H-2601-AAAAAA", "H-2601-AAAAAA", "H-2601-BBBBBB"])
    monkeypatch.setattr("order.service.checkout.order_number", lambda _: next(numbers))

    first, second = await world.order(await world.ordered()), await world.order(await world.ordered())

    assert (first["number"], second["number"]) == ("H-2601-AAAAAA", "H-2601-BBBBBB")


async def test_every_order_in_the_tables_adds_up(world: Any) -> None:
    for _ in range(3):
        await world.ordered()

    wrong = await world.rows(
        """
        SELECT o.order_id FROM orders AS o
        WHERE o.total <> (SELECT sum(total) FROM seller_orders AS s WHERE s.order_id = o.order_id)
           OR o.total <> (SELECT sum(amount) FROM order_lines AS l WHERE l.order_id = o.order_id)
        """
    )

    assert wrong == []
