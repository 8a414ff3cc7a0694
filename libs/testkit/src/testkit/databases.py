"""A database per service and test process, migrated once, emptied between tests, used with the run-time role's rights."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from chassis import schema
from chassis.db import Database
from runtime import migrate
from testkit.servers import Servers

_PASSWORD = "for-tests"  # noqa: S105 - roles of throw-away servers
_LOCK = 7299


def service_database(service: str) -> Callable[..., Any]:
    """Fixture for a conftest: ``db = service_database("order")`` gives an open, empty ``Database``."""

    @pytest_asyncio.fixture(loop_scope="session")
    async def db(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
        name = _clone_once(service)
        # In a thread: what the test before left running in this loop must be able to end its transaction.
        await asyncio.to_thread(_empty, name)
        database = Database(_address(name, service), name=f"{service}-test", pool_size=20)
        await database.open()
        yield database
        await database.close()

    return db


def address_of(service: str) -> str:
    """Address of this process's empty test database with the run-time role, for tests that start processes."""
    name = _clone_once(service)
    _empty(name)
    return _address(name, service)


def owner_address_of(service: str) -> str:
    """The same database with the schema owner's role."""
    return _address(_clone_once(service), f"{service}_owner")


@contextmanager
def scratch_database(service: str) -> Iterator[str]:
    """Address, with the schema owner's role, of a migrated database for the block alone; it may be left in any state."""
    template, name = _template(service), f"scratch_{service}_{os.getpid()}"
    dropping = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with _admin() as admin:
        admin.execute(dropping)
        admin.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        _create(admin, name, service, template)
    yield _address(name, f"{service}_owner")
    with _admin() as admin:
        admin.execute(dropping)


_cloned: dict[str, str] = {}


def _clone_once(service: str) -> str:
    if service not in _cloned:
        template = _template(service)
        name = f"test_{service}_{os.getpid()}"
        with _admin() as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            admin.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
            _create(admin, name, service, template)
        _cloned[service] = name
    return _cloned[service]


def _template(service: str) -> str:
    """A migrated database, named after the content of the migrations, made by the first who needs it."""
    name = f"template_{service}_{_fingerprint(service)}"
    with _admin() as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        _roles(admin, service)
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            building = f"{name}_new"
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(building)))
            _create(admin, building, service, "template1")
            migrate.upgrade(service, _address(building, f"{service}_owner"))
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            admin.execute(rename.format(sql.Identifier(building), sql.Identifier(name)))
    return name


def _fingerprint(service: str) -> str:
    versions = Path(str(files(service))) / "migrations" / "versions"
    content = b"".join(path.read_bytes() for path in sorted(versions.glob("*.py")))
    return hashlib.sha256(content + Path(schema.__file__).read_bytes()).hexdigest()[:12]


def _roles(admin: psycopg.Connection[Any], service: str) -> None:
    for role in (service, f"{service}_owner"):
        if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
            admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        admin.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(_PASSWORD)))


def _create(admin: psycopg.Connection[Any], name: str, service: str, template: str) -> None:
    owner, runtime = sql.Identifier(f"{service}_owner"), sql.Identifier(service)
    create = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
    admin.execute(create.format(sql.Identifier(name), owner, sql.Identifier(template)))
    with psycopg.connect(_address(name, None), autocommit=True) as inside:
        for statement in (
            "GRANT ALL ON SCHEMA public TO {owner}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {runtime}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE ON SEQUENCES TO {runtime}",
        ):
            inside.execute(sql.SQL(statement).format(owner=owner, runtime=runtime))


def _empty(name: str) -> None:
    with psycopg.connect(_address(name, None), autocommit=True) as inside:
        tables = inside.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        ).fetchall()
        inside.execute("SET session_replication_role = replica")
        names = sql.SQL(", ").join(sql.Identifier(row[0]) for row in tables)
        inside.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(names))


def _admin() -> psycopg.Connection[Any]:
    return psycopg.connect(Servers.from_environment().postgres, autocommit=True)


def _address(database: str, role: str | None) -> str:
    parts = conninfo_to_dict(Servers.from_environment().postgres)
    user, password = (role, _PASSWORD) if role else (parts["user"], parts["password"])
    return f"postgresql://{user}:{password}@{parts['host']}:{parts['port']}/{database}"
