"""The edge where everything commits: one request or batch is one transaction.

``transaction()`` gives a SQLModel session for ordinary screens, ``hot_transaction()`` a psycopg connection for paths that
run per request or per event. Both commit on leaving the block and roll back on any exception; nothing else commits.
SQLAlchemy is imported where it is used, so that a process that needs no session is spared its 17 MB.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Protocol, cast

import structlog
from psycopg import AsyncConnection, AsyncPipeline, Error, OperationalError
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from chassis.metrics import watch_pool

if TYPE_CHECKING:
    from sqlalchemy import MetaData
    from sqlalchemy.ext.asyncio import AsyncEngine
    from sqlmodel.ext.asyncio.session import AsyncSession

log = structlog.get_logger()
Params = dict[str, Any] | tuple[Any, ...] | list[Any] | None
Connection = AsyncConnection[DictRow]
BeforeCommit = Callable[[Connection], Awaitable[None]]
NAMING = {
    "ix": "%(column_0_N_label)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}
_OPTIONS = "-c timezone=UTC -c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
_HOT_OPTIONS = f"{_OPTIONS} -c plan_cache_mode=force_generic_plan -c jit=off"
"""Hot statements are index ranges whatever their values: planned once per connection, not once per call. Estimated for ten ids, a
generic plan looks dearer than one for the single id in hand, so by itself the server would plan each call anew for ever."""


def new_metadata() -> "MetaData":
    """Table metadata with our names for indexes and constraints."""
    from sqlalchemy import MetaData  # noqa: PLC0415

    return MetaData(naming_convention=NAMING)


class Transaction(Protocol):
    """What both faces share: a place for work that has to happen just before the commit."""

    @property
    def info(self) -> dict[Any, Any]: ...


class Answer(Protocol):
    """Rows of a statement. How many it touched is not known yet: ``HotTransaction.count`` waits for that."""

    async def fetchone(self) -> DictRow | None: ...
    async def fetchall(self) -> list[DictRow]: ...


class HotTransaction:
    """A psycopg connection inside a transaction. Rows are dicts; parameters are psycopg's ``%(name)s``.

    Statements travel in a pipeline: ``execute`` queues, ``rows``, ``row`` and ``count`` wait for their answer. So an error of a
    statement without an answer is raised by a later one, at the latest by the commit.
    """

    __slots__ = ("_pipeline", "connection", "info")

    def __init__(self, connection: Connection, pipeline: AsyncPipeline | None = None) -> None:
        self.connection = connection
        self.info: dict[Any, Any] = {}
        self._pipeline = pipeline

    async def execute(self, query: str, params: Params = None) -> Answer:
        return await self.connection.execute(query, params)

    async def rows(self, query: str, params: Params = None) -> list[DictRow]:
        return await (await self.execute(query, params)).fetchall()

    async def row(self, query: str, params: Params = None) -> DictRow | None:
        return await (await self.execute(query, params)).fetchone()

    async def count(self, query: str, params: Params = None) -> int:
        """Run it and return the number of rows that it touched."""
        cursor = await self.connection.execute(query, params)
        if self._pipeline is not None:
            await self._pipeline.sync()
        return cursor.rowcount

    def pipeline(self) -> AbstractAsyncContextManager[Any]:
        """Statements that do not wait for each other; a transaction is one already."""
        return nullcontext() if self._pipeline is not None else self.connection.pipeline()


class Database:
    """Pools of one service's database. ``url`` is a libpq address; ``pool_size`` bounds each of the two pools."""

    def __init__(self, url: str, *, name: str, pool_size: int = 6) -> None:
        self._url = url
        self._name = name
        self._size = pool_size
        self._pool: AsyncConnectionPool[Connection] | None = None
        self._engine: AsyncEngine | None = None
        self._checks: set[asyncio.Task[None]] = set()
        self.committed: Callable[[], None] = lambda: None
        """Called after a commit that had work registered before it (the relay's wake-up)."""

    async def open(self) -> None:
        """Open the pool without waiting for the server, so that a service starts while its database is away."""
        self._pool = AsyncConnectionPool(
            self._url,
            connection_class=AsyncConnection[DictRow],
            kwargs={
                "row_factory": dict_row,
                "options": _HOT_OPTIONS,
                "application_name": self._name,
                "autocommit": True,
                "prepare_threshold": 1,
            },
            min_size=1,
            max_size=self._size,
            timeout=5,
            # Its pauses between attempts double for so long; then the next request tries at once. The default is 5 minutes,
            # after which a database that is back would be waited for another two.
            reconnect_timeout=5,
            max_waiting=400,
            name=self._name,
            open=False,
        )
        await self._pool.open(wait=False)
        watch_pool(self._name, self._pool.get_stats)

    async def close(self) -> None:
        if self._engine is not None:
            await self._engine.dispose()
        if self._pool is not None:
            await self._pool.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["AsyncSession"]:
        from sqlalchemy.exc import DBAPIError  # noqa: PLC0415
        from sqlmodel.ext.asyncio.session import AsyncSession  # noqa: PLC0415

        try:
            async with AsyncSession(self._sessions(), expire_on_commit=False) as session:
                yield session
                if hooks := session.info.get("before_commit"):
                    await session.flush()
                    await _run(hooks, await _driver(session))
                await session.commit()
                self._after(session.info)
        except DBAPIError as error:
            raise error.orig or error from error

    @asynccontextmanager
    async def hot_transaction(self) -> AsyncIterator[HotTransaction]:
        async with self._connection() as connection:
            try:
                async with connection.pipeline() as pipeline:
                    await connection.execute("BEGIN")
                    tx = HotTransaction(connection, pipeline)
                    yield tx
                    await _run(tx.info.get("before_commit", ()), connection)
                    commit = await connection.execute("COMMIT")
            except BaseException:
                await _roll_back(connection)
                raise
            if commit.statusmessage != "COMMIT":
                raise RuntimeError(f"the transaction was rolled back: {commit.statusmessage}")
        self._after(tx.info)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[HotTransaction]:
        """For reads: each statement sees what is committed when it starts; nothing to commit."""
        async with self._connection() as connection:
            yield HotTransaction(connection)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        if self._pool is None:
            raise RuntimeError("the database is not open")
        try:
            async with self._pool.connection() as connection:
                yield connection
        except OperationalError:
            self._purge(self._pool)
            raise

    def _purge(self, pool: AsyncConnectionPool[Connection]) -> None:
        """One dead connection usually means that all are: let the pool replace them now, not one failure at a time."""
        task = asyncio.create_task(pool.check())
        self._checks.add(task)
        task.add_done_callback(self._checks.discard)

    def _sessions(self) -> "AsyncEngine":
        from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415

        if self._engine is None:
            address = self._url.replace("postgresql://", "postgresql+psycopg://", 1)
            arguments = {"options": _OPTIONS, "application_name": self._name}
            self._engine = create_async_engine(
                address,
                pool_size=self._size,
                max_overflow=0,
                pool_timeout=5,
                pool_pre_ping=True,
                connect_args=arguments,
            )
        return self._engine

    def _after(self, info: dict[Any, Any]) -> None:
        if "before_commit" in info:
            self.committed()
        for hook in info.get("after_commit", ()):
            hook()


def after_commit(tx: Transaction, hook: Callable[[], None]) -> None:
    """Call ``hook`` once this transaction is committed, never when it is rolled back: for wake-ups in the same process."""
    tx.info.setdefault("after_commit", []).append(hook)


async def _roll_back(connection: Connection) -> None:
    """End the open transaction; a connection that cannot is not used again."""
    try:
        if not connection.closed and connection.info.transaction_status is not TransactionStatus.IDLE:
            await connection.execute("ROLLBACK")
    except Error:
        await connection.close()


async def _run(hooks: tuple[BeforeCommit, ...] | list[BeforeCommit], connection: Connection) -> None:
    for hook in hooks:
        await hook(connection)


async def _driver(session: "AsyncSession") -> Connection:
    """The psycopg connection that this session's transaction runs on."""
    fairy = await (await session.connection()).get_raw_connection()
    return cast(Connection, fairy.driver_connection)
