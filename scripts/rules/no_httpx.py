"""httpx is banned: five times the CPU of aiohttp and pools that die after a cancellation (architecture, section 8)."""

from collections.abc import Iterator

from scripts.rules.syntax import imported_modules
from scripts.rules.violation import Finding, Rule
from scripts.tree import Source, Workspace

# The test clients of FastAPI and Starlette stand on httpx; testkit has one that does not.
_BANNED = ("httpx", "httpx2", "fastapi.testclient", "starlette.testclient")


def _applies(_source: Source) -> bool:
    return True


def _find(source: Source, _workspace: Workspace) -> Iterator[Finding]:
    for node in source.nodes:
        for module in imported_modules(node):
            if any(module == banned or module.startswith(f"{banned}.") for banned in _BANNED):
                yield node, f"{module} is banned: use aiohttp (tests: testkit)"
                break


RULE = Rule("no-httpx", _applies, _find)
