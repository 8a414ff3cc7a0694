"""The whole public surface, and how a request finds its route."""

import re
from dataclasses import dataclass, field

from gateway.table import catalog, identity, money, order, others
from gateway.table.route import Route

ROUTES: tuple[Route, ...] = (
    *catalog.ROUTES,
    *identity.ROUTES,
    *order.ROUTES,
    *money.ROUTES,
    *others.LOGISTICS,
    *others.REVIEW,
    *others.MESSAGING,
    *others.ANALYTICS,
    *others.OWN,
)

_VALUE = re.compile(rb"^(?!\.+$)[A-Za-z0-9_.~-]{1,100}$")
"""Ids are plain: nothing encoded, no dots alone, so a path can never climb out of its route."""


@dataclass(frozen=True, slots=True)
class Match:
    route: Route
    values: dict[str, str]


@dataclass(slots=True)
class _Node:
    fixed: dict[bytes, "_Node"] = field(default_factory=dict)
    any: "_Node | None" = None
    methods: dict[str, tuple[Route, tuple[str, ...]]] = field(default_factory=dict)


class Table:
    """A tree of path segments: finding a route costs one dictionary look-up per segment."""

    def __init__(self, routes: tuple[Route, ...] = ROUTES) -> None:
        self._root = _Node()
        for route in routes:
            self._add(route)

    def find(self, method: str, raw_path: bytes) -> Match | frozenset[str] | None:
        """A match; the allowed methods of a known path; None for an unknown path. HEAD is answered as GET."""
        node, values = self._walk(raw_path)
        if node is None or not node.methods:
            return None
        found = node.methods.get("GET" if method == "HEAD" else method)
        if found is None:
            return frozenset(node.methods) | ({"HEAD"} if "GET" in node.methods else set())
        route, names = found
        return Match(route, dict(zip(names, values, strict=True)))

    def _walk(self, raw_path: bytes) -> tuple[_Node | None, list[str]]:
        node: _Node | None = self._root
        values: list[str] = []
        for segment in raw_path.split(b"/")[1:]:
            assert node is not None  # noqa: S101 - the loop leaves as soon as it is None
            if (fixed := node.fixed.get(segment)) is not None:
                node = fixed
            elif node.any is not None and _VALUE.match(segment):
                values.append(segment.decode())
                node = node.any
            else:
                return None, []
        return node, values

    def _add(self, route: Route) -> None:
        node, names = self._root, []
        for segment in route.path.split("/")[1:]:
            if segment.startswith("{"):
                names.append(segment.strip("{}"))
                node.any = node.any or _Node()
                node = node.any
            else:
                node = node.fixed.setdefault(segment.encode(), _Node())
        if route.method in node.methods:
            raise ValueError(f"{route.method} {route.path} stands twice in the table")
        node.methods[route.method] = (route, tuple(names))
