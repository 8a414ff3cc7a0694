"""Tables are what the models say."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from chassis.schema import TECHNICAL
from logistics.models import metadata


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
