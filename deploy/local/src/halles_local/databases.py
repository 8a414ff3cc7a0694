"""One database per service, an owner that migrates it and a role that may only read and write rows in it."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
from psycopg import sql

from halles_local import postgres
from halles_local.ports import DATABASES
from halles_local.secret_files import Secrets
from halles_local.stack import Stack

PRIVILEGES = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
)


def create_missing(stack: Stack, secrets: Secrets) -> tuple[str, ...]:
    """Create the databases and roles that do not exist; return the names of the new databases."""
    passwords = secrets.passwords
    with psycopg.connect(_superuser(stack, secrets), autocommit=True) as connection:
        existing = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
        missing = tuple(name for name in DATABASES if name not in existing)
        if not missing:
            return ()
        for database in ("postgres", "template1"):
            connection.execute(_sql("REVOKE CONNECT ON DATABASE {database} FROM PUBLIC", database=database))
    with ThreadPoolExecutor(len(missing)) as pool:
        list(pool.map(lambda name: _create(stack, secrets, name, passwords=passwords), missing))
    return missing


def _superuser(stack: Stack, secrets: Secrets, database: str = "postgres") -> str:
    return postgres.address(stack.ports, password=secrets.passwords["postgres"], database=database)


def _create(stack: Stack, secrets: Secrets, name: str, *, passwords: dict[str, str]) -> None:
    """Create roles, database and privileges; the database gets its name last, so a half-made one is made again."""
    owner, fresh = f"{name}_owner", f"{name}_new"
    with psycopg.connect(_superuser(stack, secrets), autocommit=True) as connection:
        for role in (name, owner):
            _create_role(connection, role, password=passwords[role])
        connection.execute(_sql("DROP DATABASE IF EXISTS {fresh}", fresh=fresh))
        connection.execute(_sql("CREATE DATABASE {fresh} OWNER {owner}", fresh=fresh, owner=owner))
        connection.execute(_sql("REVOKE ALL ON DATABASE {fresh} FROM PUBLIC", fresh=fresh))
        connection.execute(_sql("GRANT CONNECT ON DATABASE {fresh} TO {role}", fresh=fresh, role=name))
    with psycopg.connect(_superuser(stack, secrets, fresh), autocommit=True) as connection:
        for statement in PRIVILEGES:
            connection.execute(_sql(statement, owner=owner, role=name))
    with psycopg.connect(_superuser(stack, secrets), autocommit=True) as connection:
        connection.execute(_sql("ALTER DATABASE {fresh} RENAME TO {name}", fresh=fresh, name=name))


def _create_role(connection: psycopg.Connection[tuple[object, ...]], role: str, *, password: str) -> None:
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    verb = "ALTER" if exists else "CREATE"
    statement = sql.SQL(verb + " ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))
    connection.execute(statement)


def _sql(template: str, **names: str) -> sql.Composed:
    return sql.SQL(template).format(**{key: sql.Identifier(name) for key, name in names.items()})


def outbox_age(stack: Stack, secrets: Secrets, database: str) -> float | None:
    """Return the age in seconds of the oldest row that waits in a service's outbox; None when nothing waits."""
    with psycopg.connect(_superuser(stack, secrets, database), connect_timeout=3) as connection:
        if connection.execute("SELECT to_regclass('outbox')").fetchone() == (None,):
            return None
        row = connection.execute("SELECT extract(epoch FROM now() - min(created_at))::float FROM outbox").fetchone()
    return None if row is None or row[0] is None else float(row[0])
