"""Small questions about syntax trees that several rules ask."""

import ast
import re
from collections.abc import Iterable, Iterator

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


def dotted(node: ast.AST) -> str:
    """`a.b.c` for a chain of names, calls in between skipped (`a.b().c` gives `a.b.c`); empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr}" if base else node.attr
    if isinstance(node, ast.Call):
        return dotted(node.func)
    return ""


def subject(node: ast.AST) -> str:
    """The name that an expression is known by: `total` for `total`, `cart.total` and `row["total"]`."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    return dotted(node)


def words(name: str) -> list[str]:
    """The lower-case words of an identifier: `unit_priceMinor` gives unit, price, minor."""
    return [word.lower() for word in _WORD.findall(name)]


def imported_names(nodes: Iterable[ast.AST]) -> dict[str, str]:
    """Local name to the full dotted name that it was imported from."""
    found: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {
                alias.asname or alias.name.split(".")[0]: (alias.asname and alias.name) or alias.name.split(".")[0]
                for alias in node.names
            }
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def origin(node: ast.AST, names: dict[str, str]) -> str:
    """The full dotted name behind an expression, imports resolved: `datetime.datetime.now` for `datetime.now`."""
    name = dotted(node)
    first, _, rest = name.partition(".")
    resolved = names.get(first, first)
    return f"{resolved}.{rest}" if rest else resolved


def imported_modules(node: ast.AST) -> Iterator[str]:
    """Every module an import statement may load, `from a import b` giving both `a` and `a.b`."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def line(node: ast.AST) -> int:
    """First line of a node, 1 for a node without a position."""
    return int(getattr(node, "lineno", 1))


def functions(nodes: Iterable[ast.AST]) -> Iterator[FunctionNode]:
    """Every function of a file, nested ones included."""
    return (node for node in nodes if isinstance(node, FunctionNode))


def arguments(function: FunctionNode) -> list[ast.arg]:
    """All named arguments of a function."""
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
