"""A service is ready on its own schema and on a newer one, not on an older one."""

import os
import subprocess
import sys

import pytest

from runtime.migrate import head_of
from runtime.revisions import lacking, revisions_of

SERVICES = ("analytics", "catalog", "identity", "logistics", "messaging", "order", "payment", "review")


@pytest.mark.parametrize("service", SERVICES)
def test_the_newest_revision_is_the_one_that_alembic_finds(service: str) -> None:
    assert revisions_of(service)[0] == head_of(service)


def test_an_older_database_lacks_something_and_a_newer_one_does_not() -> None:
    newest, older = revisions_of("payment")

    assert "create_payments" in older
    assert newest not in older
    assert lacking("payment", newest) is None
    assert lacking("payment", "of_the_next_release") is None
    assert (
        lacking("payment", "create_payments") == f"migration {newest} has not run (the database is at create_payments)"
    )
    assert lacking("payment", None) == "no migration has run"


def test_serving_processes_import_no_migrations_and_no_telemetry() -> None:
    """Alembic with SQLAlchemy is 25 MB, the OpenTelemetry SDK 9 MB, in each process."""
    heavy = "{'alembic', 'opentelemetry.sdk', 'opentelemetry.exporter'}"
    apps = ", ".join(f"{service}.app" for service in SERVICES)
    program = f"import sys, {apps}, runtime.run; print(sorted({heavy} & set(sys.modules)))"
    environment = {**os.environ, "HALLES_SERVICE": "all"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True, text=True)

    assert done.stdout == "[]\n"
