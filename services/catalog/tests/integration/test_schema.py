"""The tables that the migrations make are the tables that the models declare."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from catalog.models import metadata
from chassis.schema import TECHNICAL
from testkit.databases import address_of


def test_models_and_migrations_agree() -> None:
    engine = create_engine(address_of("catalog").replace("postgresql://", "postgresql+psycopg://", 1))

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": lambda name, kind, _: not (kind == "table" and name in (*TECHNICAL, "alembic_version"))
            },
        )
        differences = compare_metadata(context, metadata)
    engine.dispose()

    assert differences == []
