"""One request on its way through the gateway."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from gateway.credentials.credential import Credential
from gateway.credentials.tokens import Passport
from gateway.table.route import Route
from gateway.upstream.deadline import Deadline


@dataclass(slots=True, kw_only=True)
class Call:
    """``passport`` is None only for signed webhooks. ``values`` are the ids in the path."""

    request: Request
    route: Route
    values: dict[str, str]
    deadline: Deadline
    credential: Credential
    passport: Passport | None
    body: bytes = b""
    partial: list[dict[str, str]] = field(default_factory=list)

    @property
    def target(self) -> str:
        """Path and query exactly as the client wrote them: the same at the upstream."""
        path: bytes = self.request.scope["raw_path"]
        query: bytes = self.request.scope["query_string"]
        return f"{path.decode('latin-1')}?{query.decode('latin-1')}" if query else path.decode("latin-1")

    def token(self, upstream: str) -> str | None:
        return self.passport.tokens[upstream] if self.passport is not None else None


View = Callable[[Call], Awaitable[Response]]
"""Answers a call. Raises ``AppError`` to refuse."""
