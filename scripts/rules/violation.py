"""What a rule finds, and the shape of a rule."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.rules.syntax import line
from scripts.tree import Source, Workspace


@dataclass(frozen=True, order=True)
class Violation:
    """One broken rule at one place."""

    path: Path
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


Finding = tuple[ast.AST, str]


@dataclass(frozen=True)
class Rule:
    """A named check of one file; `find` yields the node and the sentence that helps."""

    name: str
    applies: Callable[[Source], bool]
    find: Callable[[Source, Workspace], Iterator[Finding]]

    def violations(self, source: Source, workspace: Workspace) -> Iterator[Violation]:
        """Everything this rule objects to in one file."""
        if self.applies(source):
            for node, message in self.find(source, workspace):
                yield Violation(source.path, line(node), self.name, message)
