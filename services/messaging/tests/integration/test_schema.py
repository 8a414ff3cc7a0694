"""Models say what the migrations made; sweeping forgets what is old and nothing else."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from chassis.schema import TECHNICAL
from messaging.models import metadata
from messaging.service.housekeeping import Housekeeping
from testkit.databases import address_of


def test_models_and_migrations_agree() -> None:
    engine = create_engine(address_of("messaging").replace("postgresql://", "postgresql+psycopg://"))
    ours = {"include_name": lambda name, kind, _: not (kind == "table" and name in (*TECHNICAL, "alembic_version"))}

    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts=ours), metadata)
    engine.dispose()

    assert [repr(difference) for difference in differences] == []


async def test_sweeping_forgets_finished_mails_after_three_months_and_nothing_that_is_due(idle: Any) -> None:
    await idle.execute(
        """INSERT INTO mails (mail_id, dedup_key, kind, audience_kind, audience_id, details, correlation_id, status,
                              created_at, finished_at)
           SELECT status || age, status || age, 'password-changed', 'request', 'mlr', '{}', 'req', status,
                  now() - make_interval(days => age), CASE WHEN status = 'sent' THEN now() END
           FROM unnest(ARRAY['sent', 'due']) AS status, unnest(ARRAY[89, 91]) AS age"""
    )

    await Housekeeping(idle.db).sweep()

    assert sorted(row["mail_id"] for row in await idle.rows("SELECT mail_id FROM mails")) == [
        "due89",
        "due91",
        "sent89",
    ]
