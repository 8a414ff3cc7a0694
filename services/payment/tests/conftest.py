"""The service's own database, with the rights of the service and with those of the schema's owner."""

from collections.abc import AsyncIterator

import pytest_asyncio

from chassis.db import Database
from testkit import service_database
from testkit.databases import _address

db = service_database("payment")


@pytest_asyncio.fixture(loop_scope="session")
async def owner(db: Database) -> AsyncIterator[Database]:
    """The same database with the rights of the schema's owner. ``db`` comes first: it empties the tables."""
    async with db.reading() as tx:
        row = await tx.row("SELECT current_database() AS name")
    database = Database(_address(str(row and row["name"]), "payment_owner"), name="payment-owner-test", pool_size=1)
    await database.open()
    yield database
    await database.close()
