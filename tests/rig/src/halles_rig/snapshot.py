"""A prepared market kept on disk, so that a run starts from it and not from nothing: databases, log, index, books, keys."""

import hashlib
import shutil
from pathlib import Path

from halles_local import leftovers, migrations
from halles_local.ports import DATABASES
from halles_local.stack import REPOSITORY, Stack

_PARTS = ("servers", "secrets", "standins", "run")
_SHAPING = ("tests/rig/src/halles_rig/world.py", "libs/contracts/src/contracts/topics/*.yaml")


def digest(stack: Stack) -> str:
    """Changes with everything that the prepared market was made of: schemas, topics, content, ports."""
    content = hashlib.sha256(str(stack.ports.base).encode())
    for name in DATABASES:
        content.update(migrations.digest(name).encode())
    for pattern in _SHAPING:
        for file in sorted(REPOSITORY.glob(pattern)):
            content.update(file.read_bytes())
    return content.hexdigest()[:16]


def folder(stack: Stack) -> Path:
    return stack.home.parent / f"prepared-{digest(stack)}"


def exists(stack: Stack) -> bool:
    return folder(stack).exists()


def restore(stack: Stack) -> None:
    """Empty the rig's folder, end what still runs from it, and copy the snapshot into it when there is one."""
    leftovers.end_all(stack)
    shutil.rmtree(stack.home, ignore_errors=True)
    stack.make_folders()
    if exists(stack):
        shutil.copytree(folder(stack), stack.home, dirs_exist_ok=True)


def keep(stack: Stack) -> None:
    """Copy the rig's folder, whose processes must have ended, and drop snapshots of other shapes."""
    for old in stack.home.parent.glob("prepared-*"):
        shutil.rmtree(old)
    fresh = folder(stack).with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    for part in _PARTS:
        shutil.copytree(stack.home / part, fresh / part, ignore=shutil.ignore_patterns("*.sock", "postmaster.pid"))
    fresh.rename(folder(stack))
