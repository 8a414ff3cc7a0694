"""No remote call while a transaction is open: a slow neighbour would hold our row locks (architecture, section 2).

Statically visible means: an await inside `async with transaction()`, or inside a function that is handed the open
session or connection, of something that is named or typed as remote (an HTTP client, or a Protocol of `ports.py`).
"""

import ast
from collections.abc import Iterable, Iterator

from scripts.rules.syntax import FunctionNode, arguments, dotted, functions, imported_names, origin, words
from scripts.rules.violation import Finding, Rule
from scripts.tree import Source, Workspace

_EDGES = {"transaction", "hot_transaction"}
_HANDED_TYPES = {"AsyncSession", "AsyncConnection", "Connection", "HotTransaction", "Transaction"}
_REMOTE_WORDS = {"aiohttp", "client", "http", "mailer", "opensearch", "smtp", "stripe", "upstream"}
_LOCAL_PORTS = {"Clock"}


def _applies(source: Source) -> bool:
    return source.is_source and source.kind == "service"


def _find(source: Source, _workspace: Workspace) -> Iterator[Finding]:
    names = imported_names(source.nodes)
    for function in functions(source.nodes):
        ports = _port_arguments(function, names)
        opened = [function] if _is_handed_transaction(function) else _edges(function)
        for block in opened:
            yield from _remote_awaits(block.body, ports)


def _is_handed_transaction(function: FunctionNode) -> bool:
    annotations = [argument.annotation for argument in arguments(function) if argument.annotation]
    return any(dotted(annotation).rsplit(".", 1)[-1] in _HANDED_TYPES for annotation in annotations)


def _edges(function: FunctionNode) -> list[ast.AsyncWith]:
    blocks = [node for node in ast.walk(function) if isinstance(node, ast.AsyncWith)]
    return [block for block in blocks if any(_is_edge(item.context_expr) for item in block.items)]


def _is_edge(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and dotted(node.func).rsplit(".", 1)[-1] in _EDGES


def _port_arguments(function: FunctionNode, names: dict[str, str]) -> set[str]:
    found = set()
    for argument in arguments(function):
        full = origin(argument.annotation, names) if argument.annotation else ""
        if ".ports." in full and full.rsplit(".", 1)[-1] not in _LOCAL_PORTS:
            found.add(argument.arg)
    return found


def _remote_awaits(body: Iterable[ast.stmt], ports: set[str]) -> Iterator[Finding]:
    for statement in body:
        for node in ast.walk(statement):
            remote = _remote_name(node, ports) if isinstance(node, ast.Await) else None
            if remote:
                yield node, f"awaits {remote} while a transaction is open; call it before, or from a later event"


def _remote_name(node: ast.Await, ports: set[str]) -> str | None:
    for call in (child for child in ast.walk(node) if isinstance(child, ast.Call)):
        name = dotted(call.func)
        receiver = name.rsplit(".", 1)[0] if "." in name else ""
        if receiver and (receiver.split(".")[0] in ports or not _REMOTE_WORDS.isdisjoint(words(receiver))):
            return name
    return None


RULE = Rule("no-remote-call-in-transaction", _applies, _find)
