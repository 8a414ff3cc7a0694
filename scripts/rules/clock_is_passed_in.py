"""Business code is told the time and its settings: it reads no clock, no environment, and never sleeps."""

import ast
from collections.abc import Iterator

from scripts.rules.syntax import imported_names, origin
from scripts.rules.violation import Finding, Rule
from scripts.tree import Source, Workspace

_BUSINESS = {"domain", "service", "saga", "models", "ports", "repository", "consumers", "api"}
_CLOCKS = {
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today", "time.time",
    "time.time_ns",
}  # fmt: skip
_CLOCK_CALLS = {"chassis.clock.utc_now"}
_SLEEPS = {"asyncio.sleep", "time.sleep"}
_ENVIRONMENT = {"os.environ", "os.getenv", "os.putenv"}


def _applies(source: Source) -> bool:
    return source.is_source and source.kind == "service"


def _find(source: Source, _workspace: Workspace) -> Iterator[Finding]:
    names = imported_names(source.nodes)
    is_business = source.role in _BUSINESS
    for node in source.nodes:
        full = origin(node, names) if isinstance(node, ast.Attribute | ast.Name) else ""
        if is_business and full in _CLOCKS:
            yield node, f"{full}: take `now` or a clock as an argument"
        if is_business and isinstance(node, ast.Call) and origin(node.func, names) in _CLOCK_CALLS:
            yield node, "utc_now(): take `now` or a clock as an argument"
        if is_business and full in _SLEEPS:
            yield node, f"{full}: business code never waits; use a deadline row and a worker"
        if full in _ENVIRONMENT and source.role != "settings" and not source.module.endswith(".__main__"):
            yield node, f"{full}: only settings.py reads the environment"


RULE = Rule("clock-is-passed-in", _applies, _find)
