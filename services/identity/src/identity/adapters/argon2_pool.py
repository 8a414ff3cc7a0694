"""argon2id in a small pool of threads: the library releases the GIL, and each hash takes 46 MiB for its time."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError

from edge.errors import Unavailable
from identity.domain.credentials import new_secret

MEMORY_KIB, PASSES, LANES = 47_104, 1, 1
"""OWASP's first choice for argon2id: 46 MiB, one pass, one lane (reliability.md 5.1)."""
_THREADS = 2
_MOST_WAITING = 64
"""About two seconds of work; beyond that a login flood gets 503 instead of filling memory."""
P = ParamSpec("P")
T = TypeVar("T")


class Argon2Pool:
    """Implements ``ports.PasswordHasher``; ``open`` and ``close`` are called by the runner."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(PASSES, MEMORY_KIB, LANES, type=Type.ID)
        self._waiting = 0
        self._decoy = ""
        self._threads: ThreadPoolExecutor | None = None

    async def open(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="argon2")
        self._decoy = await self.hash(new_secret())

    async def close(self) -> None:
        if self._threads is not None:
            self._threads.shutdown(wait=True, cancel_futures=True)

    async def hash(self, password: str) -> str:
        return await self._run(self._hasher.hash, password)

    async def verify(self, stored: str | None, password: str) -> bool:
        matches = await self._run(self._matches, stored or self._decoy, password)
        return matches and stored is not None

    def needs_rehash(self, stored: str) -> bool:
        return self._hasher.check_needs_rehash(stored)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except VerifyMismatchError:
            return False

    async def _run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._threads is None:
            raise RuntimeError("the hashing pool is not open")
        if self._waiting >= _MOST_WAITING:
            raise Unavailable("Too many sign-ins at this moment. Try again in a few seconds.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, partial(work, *args, **kwargs))
        finally:
            self._waiting -= 1
