"""One call to make upstream."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.upstream.deadline import Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """``path`` includes the raw query. ``token`` is the internal token for this upstream, None for signed webhooks."""

    method: str
    path: str
    deadline: Deadline
    token: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
