"""Invented rows: enough of them, and spread enough, that the planner sees a large table. They make no sense as data."""

import re
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'alembic_version' ORDER BY 1
"""
_COLUMNS = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull FROM pg_attribute a
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = '' AND a.attgenerated = ''
"""
_CONSTRAINTS = """
SELECT conname, contype::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %s::regclass AND contype IN ('c', 'f') ORDER BY contype
"""
_PREDICATES = """
SELECT pg_get_expr(indpred, indrelid) FROM pg_index WHERE indrelid = %s::regclass AND indpred IS NOT NULL
"""
_WORD = re.compile(r"(\w+) = '((?:[^']|'')*)'::text")
_LIST = re.compile(r"(\w+) = ANY \(ARRAY\[([^]]*)\]")
_OTHERS = tuple(f"other-{number}" for number in range(8))
"""What most rows say in a column that a partial index asks about."""
_WORDS = re.compile(r"'((?:[^']|'')*)'::text")


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    kind: str
    words: tuple[str, ...]

    def value(self) -> str:
        """An SQL expression over ``k``; ids of the same number meet in joins."""
        if self.words:
            listed = ", ".join("'" + word.replace("'", "''") + "'" for word in self.words)
            return f"(ARRAY[{listed}])[1 + k % {len(self.words)}]"
        return _VALUES.get(self.kind, _VALUES["text"])


_VALUES = {
    "text": "'v' || k",
    "text[]": "ARRAY['v' || k, 'w' || k / 100]",
    "integer[]": "ARRAY[k]",
    "bigint[]": "ARRAY[k]",
    "smallint": "k % 100",
    "integer": "k",
    "bigint": "k",
    "boolean": "k % 2 = 0",
    "timestamp with time zone": "now() - k * interval '1 minute'",
    "date": "current_date - k",
    "interval": "k * interval '1 second'",
    "jsonb": "jsonb_build_object('k', k)",
    "json": "json_build_object('k', k)",
    "bytea": "int8send(k)",
    "uuid": "md5(k::text)::uuid",
    "numeric": "k",
    "double precision": "k",
}


def invent_rows(connection: psycopg.Connection[Any], count: int) -> None:
    """Fill every table of a throw-away database; its checks, foreign keys and triggers are dropped first."""
    tables = [row[0] for row in connection.execute(_TABLES).fetchall()]
    words = {table: _without_constraints(connection, table) for table in tables}
    for table in tables:
        columns = [
            _Column(name, kind, words[table].get(name, ()))
            for name, kind, _ in connection.execute(_COLUMNS, (table,)).fetchall()
        ]
        connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
        names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
        values = sql.SQL(", ").join(sql.SQL(column.value()) for column in columns)
        fill = "INSERT INTO {} ({}) SELECT {} FROM generate_series(1, {}) AS k ON CONFLICT DO NOTHING"
        connection.execute(sql.SQL(fill).format(sql.Identifier(table), names, values, sql.Literal(count)))
    connection.execute("ANALYZE")


def _without_constraints(connection: psycopg.Connection[Any], table: str) -> dict[str, tuple[str, ...]]:
    """Drop what would refuse invented rows; returns the words that checks and partial indexes name, by column."""
    words: dict[str, tuple[str, ...]] = {}
    for (predicate,) in connection.execute(_PREDICATES, (table,)).fetchall():
        words |= {column: (*found, *_OTHERS) for column, found in _named(predicate).items()}
    for name, _, definition in connection.execute(_CONSTRAINTS, (table,)).fetchall():
        words |= _named(definition)
        drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {} CASCADE")
        connection.execute(drop.format(sql.Identifier(table), sql.Identifier(name)))
    return words


def _named(expression: str) -> dict[str, tuple[str, ...]]:
    listed = {column: tuple(_WORDS.findall(words)) for column, words in _LIST.findall(expression)}
    return {column: (word,) for column, word in _WORD.findall(expression)} | listed
