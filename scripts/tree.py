"""The Python files of the workspace, parsed once, each with the member and the module it belongs to."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parent.parent
Kind = Literal["service", "lib", "deploy", "scripts", "e2e"]
_KINDS: dict[str, Kind] = {
    "services": "service",
    "libs": "lib",
    "deploy": "deploy",
    "scripts": "scripts",
    "tests": "e2e",
}
_SKIPPED = {"__pycache__", "node_modules", "vendor"}


@dataclass(frozen=True)
class Source:
    """One parsed file. `path` is relative to the root of the workspace."""

    path: Path
    text: str
    kind: Kind

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree; a file that does not parse is an error of the whole run."""
        return ast.parse(self.text, filename=str(self.path))

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the tree, walked once for all rules."""
        return list(ast.walk(self.tree))

    @cached_property
    def member(self) -> str:
        """The folder of the member: `order`, `chassis`, `local`."""
        return (
            self.path.parts[1] if self.kind in ("service", "lib", "deploy") or self.is_program else self.path.parts[0]
        )

    @cached_property
    def is_source(self) -> bool:
        """True for what is shipped: files below a `src` folder."""
        return "src" in self.path.parts

    @cached_property
    def is_program(self) -> bool:
        """True for what measures and breaks whole stacks: `tests/<member>/src`."""
        return self.kind == "e2e" and self.path.parts[2:3] == ("src",)

    @cached_property
    def is_test(self) -> bool:
        """True for files below a `tests` folder and for test helpers that ship with a library; not for the programs in `tests`."""
        if self.is_program:
            return False
        return "tests" in self.path.parts or ".testing" in self.module or self.member == "testkit"

    @cached_property
    def module(self) -> str:
        """Dotted import name for shipped files (`order.service.checkout`), the path with dots for others."""
        parts = self.path.with_suffix("").parts
        parts = parts[parts.index("src") + 1 :] if "src" in parts else parts
        return ".".join(part for part in parts if part != "__init__")

    @cached_property
    def role(self) -> str:
        """The layer inside a member: `service` for `order.service.checkout`, empty for the package itself."""
        parts = self.module.split(".")
        return parts[1] if len(parts) > 1 else ""


@dataclass(frozen=True)
class Workspace:
    """All files of one tree, with a look-up by module name."""

    root: Path
    sources: list[Source]

    @cached_property
    def by_module(self) -> dict[str, Source]:
        """Shipped files by dotted name."""
        return {source.module: source for source in self.sources if source.is_source}

    @cached_property
    def services(self) -> set[str]:
        """Names of the services: the folders of `services/` that hold a pyproject.toml or a source file."""
        return {source.member for source in self.sources if source.kind == "service"}


def read_workspace(root: Path = ROOT) -> Workspace:
    """Read every Python file below the member folders, in a stable order."""
    return Workspace(root=root, sources=list(_sources(root)))


def _sources(root: Path) -> Iterator[Source]:
    for folder, kind in _KINDS.items():
        for path in sorted((root / folder).rglob("*.py")):
            relative = path.relative_to(root)
            if _SKIPPED.isdisjoint(relative.parts):
                yield Source(path=relative, text=path.read_text(encoding="utf-8"), kind=kind)
