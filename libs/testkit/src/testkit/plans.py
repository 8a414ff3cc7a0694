"""How PostgreSQL would run a service's statements once its tables are large: index ranges, or reading everything.

The statements are collected from the code: constants of the modules and strings inside functions that are SQL. They are explained
as generic plans on a database with thousands of invented rows in every table, so that the planner chooses as it would in production.
"""

import ast
import json
import pkgutil
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg

from testkit.databases import scratch_database
from testkit.invention import invent_rows

ROWS = 5_000
_SQL = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\s")
_TEMPLATE = re.compile(r"\{\w+\}")
_INTERVAL = re.compile(r"((?:now|clock_timestamp)\(\) - \$\d+)(?!:)")
_PARAMETER = re.compile(r"%%|%\((\w+)\)s|%s")
_INDEX_SCANS = ("Index Scan", "Index Only Scan", "Bitmap Index Scan")
_BLOCKS_LIMIT = ("Sort", "Aggregate", "Hash", "Incremental Sort", "WindowAgg", "Unique", "ModifyTable")
Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """``name`` says where it stands: ``catalog.repository.products._PAGE``."""

    name: str
    text: str


def statements_of(*packages: str) -> list[Statement]:
    """Every SQL statement of these packages, migrations left out; templates (``{name}``) count where they are filled in."""
    found: dict[str, Statement] = {}
    for module_name in (name for package in packages for name in _modules(package)):
        for name, text in _texts(module_name):
            if _SQL.match(text) and not _TEMPLATE.search(text):
                found.setdefault(text, Statement(f"{module_name}.{name}", text))
    return list(found.values())


@contextmanager
def large(service: str) -> Iterator[psycopg.Connection[Any]]:
    """A scratch database of a service with ``ROWS`` invented rows in each table, and statistics of them.

    Reading a whole table is priced out, as it is with millions of rows: where it still stands in a plan, no index helps.
    """
    with scratch_database(service) as address, psycopg.connect(address, autocommit=True) as connection:
        invent_rows(connection, ROWS)
        connection.execute("SET enable_seqscan = off")
        yield connection


def whole_reads(connection: psycopg.Connection[Any], statement: Statement, *, small: Collection[str] = ()) -> list[str]:
    """Tables that the statement would read from one end to the other. Those in ``small`` do not grow with the market."""
    explained = connection.execute(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {numbered(statement.text)}").fetchone()
    if explained is None:
        raise LookupError(statement.name)
    plan = explained[0] if isinstance(explained[0], list) else json.loads(explained[0])
    return sorted({table for table in _read_whole(plan[0]["Plan"], is_cut=False) if table not in small})


def all_whole_reads(
    service: str, *packages: str, small: Collection[str] = (), accepted: Mapping[str, str] | None = None
) -> dict[str, list[str]]:
    """Statements of a service that read a growing table whole, by name. ``accepted`` gives the reason for each that may."""
    excused = accepted or {}
    statements = statements_of(service, *packages)
    if unknown := excused.keys() - {statement.name for statement in statements}:
        raise LookupError(f"accepted, but not there any more: {sorted(unknown)}")
    with large(service) as connection:
        found = {one.name: whole_reads(connection, one, small=small) for one in statements if one.name not in excused}
    return {name: tables for name, tables in found.items() if tables}


def numbered(text: str) -> str:
    """With ``$1``, ``$2`` in the place of psycopg's parameters; what is taken off a moment is a duration, as psycopg would say."""
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        if match[0] == "%%":
            return "%"
        name = match[1] or f"#{len(names)}"
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return _INTERVAL.sub(r"\1::interval", _PARAMETER.sub(number, text))


def _modules(package: str) -> Iterator[str]:
    module = import_module(package)
    yield package
    for info in pkgutil.walk_packages(getattr(module, "__path__", ()), f"{package}."):
        if ".migrations" not in info.name and not info.name.endswith("__main__"):
            yield info.name


def _texts(module_name: str) -> Iterator[tuple[str, str]]:
    """Constants of the module as they are after its import, and strings inside its functions."""
    module = import_module(module_name)
    for name, value in vars(module).items():
        if isinstance(value, str) and not name.startswith("__"):
            yield name, value
    tree = ast.parse(Path(str(module.__file__)).read_text())
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)):
        for number, text in enumerate(_strings(function)):
            yield f"{function.name}.{number}", text


def _strings(function: ast.AST) -> Iterator[str]:
    """Whole strings, not the pieces of those that are put together."""
    for node in ast.iter_child_nodes(function):
        if isinstance(node, ast.Constant) and _SQL.match(str(node.value)):
            yield str(node.value)
        elif not isinstance(node, ast.JoinedStr):
            yield from _strings(node)


def _read_whole(node: Node, *, is_cut: bool) -> Iterator[str]:
    """``is_cut``: a LIMIT above stops the reading early, unless a filter lets most of what is read fall through."""
    kind = node["Node Type"]
    if kind == "Seq Scan":
        yield node["Relation Name"]
    elif kind in _INDEX_SCANS and "Index Cond" not in node and (not is_cut or "Filter" in node):
        yield str(node.get("Relation Name") or node["Index Name"])
    below = kind == "Limit" or (is_cut and kind not in _BLOCKS_LIMIT)
    for child in node.get("Plans", ()):
        yield from _read_whole(child, is_cut=below)
