"""The places that name every service, and how a new one is added to each: next to `review`, the smallest.

Each function takes a file's text and returns the new one; it raises ``NotRegistered`` when the place is not found, so that
a rearranged file is an error and not a service that is silently missing somewhere.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

MODEL = "review"
_FIRST_PORT, _LAST_PORT = 11, 30


class NotRegistered(ValueError):
    """A file does not look as expected; nothing was changed."""


@dataclass(frozen=True)
class NewService:
    """`port` is an offset from the base of all ports."""

    name: str
    port: int


def free_port(ports: str) -> int:
    """The first offset for a service that `ports.py` does not use."""
    used = {int(number) for number in re.findall(r'^    "[a-z-]+": (\d+),$', ports, re.MULTILINE)}
    return next(number for number in range(_FIRST_PORT, _LAST_PORT + 1) if number not in used)


def in_ports(text: str, new: NewService) -> str:
    """Port, list of services, list of databases."""
    text = _once(text, r'^(    "review": \d+,\n)', rf'\1    "{new.name}": {new.port},\n')
    text = _once(text, r'^(    "review",\n)', rf'\1    "{new.name}",\n')
    return _once(text, r'^(DATABASES = .*"review", )', rf'\1"{new.name}", ')


def in_pyproject(text: str, new: NewService) -> str:
    """Where mypy finds the package."""
    return _once(text, "(services/review/src)", rf"\1:services/{new.name}/src")


def in_import_contracts(text: str, new: NewService) -> str:
    """Root package, container of layers, sibling of the other services."""
    text, count = re.subn(r"^(    review\n)", rf"\1    {new.name}\n", text, flags=re.MULTILINE)
    if count != 2:
        raise NotRegistered("expected review twice in .importlinter")
    return _once(text, r"(\| review \|)", rf"\1 {new.name} |")


def in_code_owners(text: str, new: NewService) -> str:
    """An owner of the folder."""
    return _once(text, r"^(/services/review/.*\n)", rf"\1{f'/services/{new.name}/':<52}@halles/{new.name}\n")


def in_database_script(text: str, new: NewService) -> str:
    """Database and roles of the container cluster."""
    return _once(text, r"^(for name in .*\breview )", rf"\1{new.name} ")


def in_compose(text: str, new: NewService) -> str:
    """A copy of every paragraph about `review`, and of every line about it elsewhere."""
    paragraphs = [part for paragraph in text.split("\n\n") for part in _paragraphs(paragraph, new)]
    if len(paragraphs) != text.count("\n\n") + 3:
        raise NotRegistered("expected the paragraphs review and review-migrate in compose.yaml")
    return "\n\n".join(paragraphs)


def _paragraphs(paragraph: str, new: NewService) -> Iterator[str]:
    if re.match(r"  review(-migrate)?:\n", paragraph):
        yield from (paragraph, _renamed(paragraph, new))
        return
    lines = []
    for is_model, group in groupby(paragraph.split("\n"), key=lambda line: MODEL in line.lower()):
        block = list(group)
        lines += block + ([_renamed(line, new) for line in block] if is_model else [])
    yield "\n".join(lines)


def _renamed(text: str, new: NewService) -> str:
    text = text.replace(MODEL, new.name).replace(MODEL.upper(), new.name.upper())
    return re.sub(r"\b8616\b", str(8600 + new.port), text)


def _once(text: str, pattern: str, replacement: str) -> str:
    changed, count = re.subn(pattern, replacement, text, flags=re.MULTILINE)
    if count != 1:
        raise NotRegistered(f"expected {pattern} once, found it {count} times")
    return changed


PLACES: dict[str, Callable[[str, NewService], str]] = {
    "deploy/local/src/halles_local/ports.py": in_ports,
    "pyproject.toml": in_pyproject,
    ".importlinter": in_import_contracts,
    "CODEOWNERS": in_code_owners,
    "deploy/docker/create-databases.sh": in_database_script,
    "compose.yaml": in_compose,
}
