"""A file is named after its role: nothing is called utils, helpers, common, misc or manager."""

from collections.abc import Iterator

from scripts.rules.violation import Finding, Rule
from scripts.tree import Source, Workspace

_BANNED = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "shared"}


def _applies(_source: Source) -> bool:
    return True


def _find(source: Source, _workspace: Workspace) -> Iterator[Finding]:
    for part in (*source.path.parts[:-1], source.path.stem):
        if part in _BANNED:
            yield source.tree, f"`{part}` says nothing: name the file after what it does"


RULE = Rule("file-names", _applies, _find)
