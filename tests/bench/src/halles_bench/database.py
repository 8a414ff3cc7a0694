"""Looking into the databases of the stack, as the superuser: ids to ask for, and whether everything has come to rest."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import psycopg
from psycopg.rows import tuple_row

from halles_local import postgres
from halles_local.ports import DATABASES
from halles_local.secret_files import Secrets
from halles_local.stack import Stack

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


class Databases:
    """One connection to each service's database."""

    def __init__(self, connections: dict[str, Connection]) -> None:
        self._connections = connections

    @classmethod
    @asynccontextmanager
    async def opened(cls, stack: Stack) -> AsyncIterator["Databases"]:
        password = Secrets(stack).passwords["postgres"]
        async with AsyncExitStack() as open_ones:
            connections: dict[str, Connection] = {}
            for name in DATABASES:
                address = postgres.address(stack.ports, password=password, database=name)
                connection = await psycopg.AsyncConnection.connect(address, autocommit=True, row_factory=tuple_row)
                connections[name] = await open_ones.enter_async_context(connection)
            yield cls(connections)

    async def rows(self, database: str, statement: str, params: Any = None) -> list[tuple[Any, ...]]:
        """All rows of a statement."""
        return await (await self._connections[database].execute(statement, params)).fetchall()

    async def run(self, database: str, statement: str, params: Any = None) -> int:
        """Run a statement; returns the number of rows it touched."""
        cursor = await self._connections[database].execute(statement, params)
        return cursor.rowcount

    async def column(self, database: str, statement: str, params: Any = None) -> list[Any]:
        """The first column."""
        return [row[0] for row in await self.rows(database, statement, params)]

    async def has_account(self, email: str) -> bool:
        return bool(await self.rows("identity", "SELECT 1 FROM accounts WHERE email = %s", (email,)))

    async def waiting(self) -> int:
        """Outbox rows that are not published and sagas that are not at their end, over all services."""
        counts = [await self.column(name, "SELECT count(*) FROM outbox") for name in DATABASES]
        running = await self.column("order", "SELECT count(*) FROM sagas WHERE deadline_at IS NOT NULL")
        return int(sum(count[0] for count in counts) + running[0])
