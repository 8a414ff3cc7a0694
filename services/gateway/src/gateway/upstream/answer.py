"""What an upstream answered, read whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from gateway.refusals import UpstreamAway


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, the headers worth knowing (lower-case names) and the whole body."""

    upstream: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    def document(self) -> dict[str, Any]:
        """The body as a JSON object; raises ``UpstreamAway`` (garbage) for anything else."""
        try:
            parsed = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            raise UpstreamAway(self.upstream, "garbage") from None
        if not isinstance(parsed, dict):
            raise UpstreamAway(self.upstream, "garbage")
        return parsed
