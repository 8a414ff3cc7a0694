"""Each service's run-time role: its own rows and nothing else (S53)."""

import psycopg
import pytest
from e2e_kit import World

from halles_local import environment
from halles_local.ports import DATABASES
from halles_local.secret_files import Secrets

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]
SCHEMA_CHANGES = (
    "CREATE TABLE loot (id int)",
    "CREATE SCHEMA loot",
    "DROP TABLE outbox",
    "TRUNCATE inbox",
    "ALTER TABLE inbox ADD COLUMN x int",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE ROLE loot",
    "COPY outbox TO PROGRAM 'cat'",
)


@pytest.mark.parametrize("service", DATABASES)
def test_a_role_reaches_no_other_database_and_changes_no_schema(world: World, service: str) -> None:
    stack = world.place.stack
    secrets = Secrets(stack)
    for other in (*DATABASES, "postgres", "template1"):
        address = environment.database_url(stack, other, role=service, secrets=secrets)
        if other != service:
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(address, connect_timeout=5)
            continue
        with psycopg.connect(address, autocommit=True) as inside:
            for statement in SCHEMA_CHANGES:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    inside.execute(statement)  # type: ignore[arg-type]
