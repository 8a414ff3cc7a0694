"""Bring every service's database to the newest schema; skipped for services whose migrations did not change."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from halles_local import environment
from halles_local.errors import StackError
from halles_local.ports import DATABASES
from halles_local.programs import is_runnable
from halles_local.secret_files import Secrets
from halles_local.stack import REPOSITORY, Stack

TIMEOUT_SECONDS = 300


def pending(stack: Stack, *, new_databases: Iterable[str]) -> tuple[str, ...]:
    """Return the services whose migrations are not the ones that were applied last."""
    applied = {name: known for name, known in _read(stack).items() if name not in set(new_databases)}
    return tuple(name for name in DATABASES if is_runnable(name) and applied.get(name) != digest(name))


def apply(stack: Stack, services: Iterable[str], secrets: Secrets) -> None:
    """Run `python -m <service> migrate` for all of them at once and remember each that succeeded."""
    names = tuple(services)
    with ThreadPoolExecutor(max(1, len(names))) as pool:
        jobs = {name: pool.submit(_apply, stack, name, secrets) for name in names}
    done = {name: digest(name) for name, job in jobs.items() if job.exception() is None}
    _file(stack).write_text(json.dumps(_read(stack) | done, indent=1))
    for job in jobs.values():
        job.result()


def _apply(stack: Stack, name: str, secrets: Secrets) -> None:
    log = stack.log(f"{name}-migrate")
    with log.open("wb") as output:
        done = subprocess.run(
            [sys.executable, "-m", name, "migrate"],
            env=environment.build(stack, name, secrets),
            cwd=stack.home,
            stdout=output,
            stderr=output,
            timeout=TIMEOUT_SECONDS,
        )
    if done.returncode:
        raise StackError(
            name,
            "its migrations failed",
            advice=f"Mend the migrations in services/{name}, then `make up` again.",
            log=log,
        )


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
