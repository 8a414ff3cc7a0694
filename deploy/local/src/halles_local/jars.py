"""Bring the jars of Kafka and OpenSearch into the shared cache."""

import os
from collections.abc import Callable
from pathlib import Path

from halles_local import download, java, lockfile, opensearch_home
from halles_local.lockfile import Jar
from halles_local.stack import Stack


def folder(stack: Stack) -> Path:
    """Return the shared folder of verified jars."""
    return stack.cache / "jars"


def missing(stack: Stack) -> tuple[Jar, ...]:
    """Return what has to be downloaded, each jar once."""
    wanted = {jar.file_name: jar for server in ("kafka", "opensearch") for jar in lockfile.load(server)}
    return download.missing(wanted.values(), folder(stack))


def fetch(stack: Stack, *, advance: Callable[[int], None]) -> None:
    """Download what is missing and put OpenSearch's home together; one stack at a time fills the cache."""
    with java.exclusive(stack.cache):
        jars = missing(stack)
        if jars:
            download.fetch_all(jars, cache=folder(stack), repository=_repository(), advance=advance)
        opensearch_home.assemble(stack, jars=folder(stack))


def is_complete(stack: Stack) -> bool:
    """Tell whether nothing is left to fetch or assemble."""
    return not missing(stack) and opensearch_home.folder(stack).exists()


def _repository() -> str:
    chosen = os.environ.get("HALLES_MAVEN_REPO")
    if chosen:
        return chosen
    from jgo.constants import MAVEN_CENTRAL_URL  # noqa: PLC0415 - slow to import, needed for downloads only

    return str(MAVEN_CENTRAL_URL)
