"""Answers of the API that are the same for everybody, kept for a short while: the header shows the categories on every page."""

import time
from collections.abc import Callable
from typing import Any

from web.api import Api

_SECONDS = 30.0
_MOST = 256


class Kept:
    """What was answered for a path, for half a minute. A refusal is not kept and gives None."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[str, tuple[float, Any]] = {}

    async def get(self, api: Api, path: str) -> Any:
        """The body of a public ``GET``; the API is asked by the visitor who comes first."""
        until, body = self._known.get(path, (0.0, None))
        if self._clock() < until:
            return body
        answer = await api.get(path)
        if answer.problem is not None:
            return body
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[path] = (self._clock() + _SECONDS, answer.body)
        return answer.body
