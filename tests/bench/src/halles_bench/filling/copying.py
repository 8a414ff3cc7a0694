"""Copies rows of a table many times in one statement, giving each copy ids of its own: the last eight digits become its number."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from halles_bench.database import Databases

_COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_identity = 'NO' AND is_generated = 'NEVER'
ORDER BY ordinal_position
"""


@dataclass(frozen=True)
class Copied:
    """``where`` chooses the originals (alias t). ``ids`` get the copy's number, ``change`` are JSON expressions over t and k."""

    table: str
    where: str = "true"
    ids: tuple[str, ...] = ()
    change: Mapping[str, str] = field(default_factory=dict)


async def copy_rows(databases: Databases, database: str, table: Copied, *, begin: int, copies: int) -> int:
    """Add copies number ``begin`` to ``begin + copies - 1`` of each original; a column added tomorrow is copied too."""
    columns = ", ".join(await databases.column(database, _COLUMNS, (table.table,)))
    changes = {column: f"to_jsonb({numbered(column)})" for column in table.ids} | dict(table.change)
    pairs = ", ".join(f"'{column}', {expression}" for column, expression in changes.items())
    statement = f"""
    INSERT INTO {table.table} ({columns})
    SELECT {", ".join(f"c.{column.strip()}" for column in columns.split(","))}
    FROM (SELECT * FROM {table.table} AS t WHERE {table.where}) AS t
    CROSS JOIN generate_series({begin}, {begin + copies - 1}) AS k
    CROSS JOIN LATERAL jsonb_populate_record(NULL::{table.table}, to_jsonb(t) || jsonb_build_object({pairs})) AS c
    """  # noqa: S608 - names from this package and from the database's own catalogue
    return await databases.run(database, statement)


def numbered(column: str) -> str:
    """The id of copy ``k``."""
    return f"left(t.{column}, -8) || lpad(to_hex(k), 8, '0')"
