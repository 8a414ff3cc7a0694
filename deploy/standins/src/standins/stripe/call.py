"""One API request on its way through a handler, and the table of operations."""

from collections.abc import Callable
from dataclasses import dataclass

from standins.stripe.cards import Answering
from standins.stripe.errors import resource_missing
from standins.stripe.shape import PLATFORM, JsonObject
from standins.stripe.unit import Unit


@dataclass
class Call:
    """A validated request: who asks, for which account, with which parameters."""

    unit: Unit
    account: str
    params: JsonObject
    path: dict[str, str]
    is_publishable: bool = False
    answering: Answering = Answering.NORMAL

    def text(self, name: str) -> str | None:
        """Return a text parameter, None when it was not given or unset."""
        return self.params.get(name) or None

    def require(self, kind: str, title: str, identifier: str, *, param: str = "id") -> JsonObject:
        """Return a resource of the account; an unknown id is Stripe's `resource_missing`."""
        body = self.unit.session.get(kind, identifier, self.account)
        if body is None or body.get("deleted"):
            raise resource_missing(title, identifier, param=param)
        return body

    @property
    def is_platform(self) -> bool:
        """Say whether the request is about the platform's own account."""
        return self.account == PLATFORM


Handler = Callable[[Call], JsonObject]


@dataclass(frozen=True)
class Operation:
    """One method and path, its handler, and the name of its parameters in `parameters.json`."""

    method: str
    path: str
    handler: Handler
    parameters: str
    allows_publishable: bool = False

    @property
    def is_v2(self) -> bool:
        """Say whether v2's rules apply: JSON bodies, other errors, other idempotency."""
        return self.path.startswith("/v2/")


class Router:
    """Finds an operation by method and path, one dictionary step per segment."""

    def __init__(self, operations: tuple[Operation, ...]) -> None:
        self._root: JsonObject = {}
        for operation in operations:
            node = self._root
            for segment in operation.path.strip("/").split("/"):
                node = node.setdefault("{}" if segment.startswith("{") else segment, {})
            node[f"<{operation.method}>"] = operation

    def match(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """Return the operation and its path parameters, or None for an unrecognised URL."""
        node = self._root
        found: list[str] = []
        for segment in path.strip("/").split("/"):
            if segment in node:
                node = node[segment]
            elif "{}" in node:
                node = node["{}"]
                found.append(segment)
            else:
                return None
        operation = node.get(f"<{method}>")
        if operation is None:
            return None
        names = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
        return operation, dict(zip(names, found, strict=True))
