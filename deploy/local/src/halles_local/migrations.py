"""Bring every service's database to the newest schema; skipped for services whose migrations did not change."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from halles_local import environment
from halles_local.errors import StackError
from halles_local.ports import DATABASES
from halles_local.process_environment import inherited
from halles_local.programs import is_runnable
from halles_local.secret_files import Secrets
from halles_local.stack import REPOSITORY, Stack

TIMEOUT_SECONDS = 300


def pending(stack: Stack, *, new_databases: Iterable[str]) -> tuple[str, ...]:
    """Return the services whose migrations are not the ones that were applied last."""
    applied = {name: known for name, known in _read(stack).items() if name not in set(new_databases)}
    return tuple(name for name in DATABASES if is_runnable(name) and applied.get(name) != digest(name))


def apply(stack: Stack, services: Iterable[str], secrets: Secrets) -> None:
    """Migrate one after the other in one process (its imports cost ten times a migration) and remember each that succeeded."""
    owners = {name: _owner_address(stack, name, secrets) for name in services}
    log = stack.log("migrate")
    with log.open("wb") as errors:
        run = subprocess.run(
            [sys.executable, "-m", "halles_local.migrating"],
            env=inherited(stack),
            input=json.dumps(owners).encode(),
            stdout=subprocess.PIPE,
            stderr=errors,
            timeout=TIMEOUT_SECONDS,
        )
    finished = run.stdout.decode().split()
    _file(stack).write_text(json.dumps(_read(stack) | {name: digest(name) for name in finished}, indent=1))
    if run.returncode:
        failed = next(name for name in owners if name not in finished)
        advice = f"Mend the migrations in services/{failed}, then `make up` again."
        raise StackError(failed, "its migrations failed", advice=advice, log=log)


def _owner_address(stack: Stack, name: str, secrets: Secrets) -> str:
    return environment.build(stack, name, secrets)[f"{name.upper()}_OWNER_DATABASE_URL"]


def digest(name: str) -> str:
    """Return a digest of the content of a service's migrations."""
    content = hashlib.sha256()
    for file in sorted((REPOSITORY / "services" / name).glob("**/migrations/**/*.py")):
        content.update(file.read_bytes())
    return content.hexdigest()


def _read(stack: Stack) -> dict[str, str]:
    file = _file(stack)
    applied: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    return applied


def _file(stack: Stack) -> Path:
    return stack.run / "migrated.json"
