"""Models say what the migrations made; sweeping forgets what has expired and nothing else."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from chassis.schema import TECHNICAL
from identity.models import metadata
from identity.service.housekeeping import Housekeeping
from testkit.databases import address_of


def test_models_and_migrations_agree() -> None:
    engine = create_engine(address_of("identity").replace("postgresql://", "postgresql+psycopg://"))
    ours = {"include_name": lambda name, kind, _: not (kind == "table" and name in (*TECHNICAL, "alembic_version"))}

    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts=ours), metadata)
    engine.dispose()

    assert [repr(difference) for difference in differences] == []


async def test_sweeping_forgets_only_what_has_expired(world: Any) -> None:
    stays, goes = await world.person(), await world.person()
    gone = goes["principal"].subject
    await world.execute("UPDATE sessions SET idle_until = now() - interval '1 minute' WHERE account_id = %s", gone)
    await world.execute("UPDATE mail_requests SET created_at = now() - interval '8 days' WHERE account_id = %s", gone)
    await world.register("pending@example.org")
    await world.settled()

    await Housekeeping(world.db).sweep()

    left = await world.row(
        """SELECT (SELECT array_agg(account_id) FROM sessions) AS sessions,
                  (SELECT count(*) FROM mail_requests) AS mails, (SELECT count(*) FROM registrations) AS registrations"""
    )
    assert left == {"sessions": [stays["principal"].subject], "mails": 2, "registrations": 1}
