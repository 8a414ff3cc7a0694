"""Commit and roll back only at the transaction edge: one request or one message is one transaction (ADR 0004).

A service that opens a connection of its own has an edge of its own; so connections are opened by chassis alone, too.
"""

import ast
from collections.abc import Iterator

from scripts.rules.syntax import imported_names, origin
from scripts.rules.violation import Finding, Rule
from scripts.tree import Source, Workspace

EDGES = ("chassis.db", "runtime.migrate")
_CALLS = {"commit", "rollback"}
_OPENERS = {
    "psycopg.connect", "psycopg.Connection.connect", "psycopg.AsyncConnection.connect", "psycopg_pool.AsyncConnectionPool",
    "psycopg_pool.ConnectionPool", "sqlalchemy.create_engine", "sqlalchemy.ext.asyncio.create_async_engine",
    "sqlmodel.create_engine", "asyncpg.connect", "asyncpg.create_pool",
}  # fmt: skip
_STATEMENTS = {"commit", "rollback", "begin", "start transaction", "end"}


def _applies(source: Source) -> bool:
    return source.is_source and source.kind in ("service", "lib") and source.module not in EDGES and not source.is_test


def _find(source: Source, _workspace: Workspace) -> Iterator[Finding]:
    names = imported_names(source.nodes)
    for node in source.nodes:
        if isinstance(node, ast.Call) and source.kind == "service" and origin(node.func, names) in _OPENERS:
            yield node, f"{origin(node.func, names)}(): chassis.db opens the connections of a service"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield from _call(node, node.func.attr)
        if isinstance(node, ast.keyword) and node.arg == "autocommit" and _is_true(node.value):
            yield node.value, "a connection that commits every statement escapes the transaction edge"


def _call(node: ast.Call, name: str) -> Iterator[Finding]:
    # A transaction's commit takes no argument; `book.commit(command)` is a method of the domain.
    if (name in _CALLS and not node.args and not node.keywords) or name == "set_autocommit":
        yield node, f".{name}() belongs to {EDGES[0]}; leave the `async with transaction()` block instead"
    if name == "execute" and node.args and _statement(node.args[0]) in _STATEMENTS:
        yield node, f"transaction statements belong to {EDGES[0]}"


def _statement(node: ast.expr) -> str:
    argument = node.args[0] if isinstance(node, ast.Call) and node.args else node
    text = argument.value if isinstance(argument, ast.Constant) else ""
    return str(text).strip().rstrip(";").lower()


def _is_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


RULE = Rule("commit-at-edge", _applies, _find)
