"""Which migration a service's code expects, read from its files: a serving process is spared Alembic's memory."""

import re
from functools import cache
from importlib.resources import files

_REVISION = re.compile(r"^revision(?:: str)? = [\"'](?P<id>[^\"']+)[\"']", re.MULTILINE)
_BEFORE = re.compile(r"^down_revision(?:: [^=]+)? = [\"'](?P<id>[^\"']+)[\"']", re.MULTILINE)


@cache
def revisions_of(package: str) -> tuple[str, frozenset[str]]:
    """The newest revision of the package and all that came before it; raises ``ValueError`` unless there is one newest."""
    texts = [
        file.read_text() for file in (files(package) / "migrations" / "versions").iterdir() if file.name.endswith(".py")
    ]
    known = {found["id"] for text in texts for found in _REVISION.finditer(text)}
    before = {found["id"] for text in texts for found in _BEFORE.finditer(text)}
    newest = known - before
    if len(newest) != 1:
        raise ValueError(f"{package} has {len(newest)} newest migrations: {sorted(newest)}")
    return newest.pop(), frozenset(known & before)


def lacking(package: str, found: str | None) -> str | None:
    """What is wrong with a database at revision ``found``. One that we do not know is newer: the release after us has run its own."""
    if found is None:
        return "no migration has run"
    newest, older = revisions_of(package)
    return f"migration {newest} has not run (the database is at {found})" if found in older else None
