"""The tables that the code knows are those that the migrations make."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from chassis.db import Database
from chassis.schema import TECHNICAL
from payment.models import metadata
from testkit.databases import _address

_FOREIGN = (*TECHNICAL, "alembic_version")


async def test_models_mirror_the_migrations(db: Database) -> None:
    async with db.reading() as tx:
        row = await tx.row("SELECT current_database() AS name")
    address = _address(str(row and row["name"]), "payment_owner").replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(address)
    with engine.connect() as connection:
        options = {"include_name": lambda name, kind, _: not (kind == "table" and name in _FOREIGN)}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    engine.dispose()

    assert differences == []
