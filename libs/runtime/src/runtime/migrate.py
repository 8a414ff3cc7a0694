"""Alembic, driven from a service's package: ``src/<service>/migrations``. One migration runs at a time per database."""

from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic import context as alembic
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, create_engine, text

from chassis.schema import TECHNICAL

_LOCK = 7203


def config_for(package: str, url: str = "") -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(str(files(package))) / "migrations"))
    config.set_main_option("file_template", "%%(year)d-%%(month).2d-%%(day).2d_%%(slug)s")
    config.attributes["url"] = url.replace("postgresql://", "postgresql+psycopg://", 1)
    return config


def head_of(package: str) -> str | None:
    """The newest revision in the package."""
    return ScriptDirectory.from_config(config_for(package)).get_current_head()


def upgrade(package: str, url: str) -> None:
    """Bring the database to the newest revision; does nothing when it is there."""
    command.upgrade(config_for(package, url), "head")


def revise(package: str, url: str, message: str) -> None:
    """Write a new revision from the difference between models and database."""
    command.revision(config_for(package, url), message=message, autogenerate=True)


def run_env(metadata: MetaData) -> None:
    """The whole of a service's ``env.py``."""
    engine = create_engine(alembic.config.attributes["url"])
    with engine.connect() as connection:
        _run(connection, metadata)
    engine.dispose()


def _run(connection: Connection, metadata: MetaData) -> None:
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
    connection.execute(text("SET lock_timeout = '5s'"))
    connection.commit()
    alembic.configure(
        connection=connection,
        target_metadata=metadata,
        compare_server_default=False,
        include_name=lambda name, kind, _: not (kind == "table" and name in TECHNICAL),
    )
    with alembic.begin_transaction():
        alembic.run_migrations()
