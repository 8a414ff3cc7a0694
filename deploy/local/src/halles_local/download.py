"""Fetch pinned jars: resumed after an interruption, verified by hash, in parallel, into a cache that stacks share."""

import hashlib
import time
import urllib.request
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

from halles_local.errors import StackError
from halles_local.lockfile import Jar

CHUNK = 1 << 16
ATTEMPTS = 4
# Wrong bytes are fetched once more (a broken proxy cache), then refused: more tries would only repeat the answer.
WRONG_HASH_LIMIT = 2
PARALLEL = 6

Advance = Callable[[int], None]


def missing(jars: Iterable[Jar], cache: Path) -> tuple[Jar, ...]:
    """Return the jars that the cache does not hold at full size; contents were verified when they came in."""
    return tuple(jar for jar in jars if not _is_complete(cache / jar.file_name, jar.size))


def fetch_all(jars: Iterable[Jar], *, cache: Path, repository: str, advance: Advance) -> None:
    """Download `jars` from a Maven repository; `advance` is told the bytes received (negative when they are refused).

    Raises StackError when a jar cannot be had with the pinned hash.
    """
    cache.mkdir(parents=True, exist_ok=True)
    largest_first = sorted(jars, key=lambda jar: -jar.size)
    with ThreadPoolExecutor(PARALLEL, thread_name_prefix="jar") as pool:
        for done in [pool.submit(fetch, jar, cache, repository=repository, advance=advance) for jar in largest_first]:
            done.result()


def fetch(jar: Jar, cache: Path, *, repository: str, advance: Advance) -> None:
    """Download one jar; the file appears under its final name only when size and hash are right."""
    target, part = cache / jar.file_name, cache / f"{jar.file_name}.part"
    advance(part.stat().st_size if part.exists() else 0)
    wrong = 0
    problem = ""
    for attempt in range(ATTEMPTS):
        time.sleep(attempt)  # a pause that grows: 0, 1, 2, 3 seconds
        try:
            _receive(f"{repository.rstrip('/')}/{jar.path}", part, size=jar.size, advance=advance)
        except (OSError, HTTPException) as error:
            problem = str(error)
            continue
        if _digest(part) == jar.sha256:
            part.replace(target)
            return
        advance(-part.stat().st_size)
        part.unlink()
        problem = f"the repository's copy does not have SHA-256 {jar.sha256}"
        wrong += 1
        if wrong == WRONG_HASH_LIMIT:
            break
    raise StackError(
        "downloads",
        f"{jar.file_name}: {problem}",
        advice="Check the network (HALLES_MAVEN_REPO may name a mirror), then run the command again: it resumes.",
    )


def _receive(url: str, part: Path, *, size: int, advance: Advance) -> None:
    have = part.stat().st_size if part.exists() else 0
    if have >= size:
        return
    if not url.startswith(("https://", "http://")):
        raise OSError(f"{url} is not a web address")
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})  # noqa: S310 - checked
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - checked above
        resumed = answer.status == 206
        if not resumed:
            advance(-have)
        with part.open("ab" if resumed else "wb") as file:
            while chunk := answer.read(CHUNK):
                file.write(chunk)
                advance(len(chunk))
    received = part.stat().st_size
    if received < size:
        raise OSError(f"the connection ended after {received} of {size} bytes")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_complete(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False
