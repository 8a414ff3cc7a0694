"""A search index of this test alone, on the real engine."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest_asyncio

from catalog.adapters.index_admin import IndexAdmin
from catalog.adapters.index_reader import IndexReader
from catalog.adapters.index_schema import IndexNames
from catalog.adapters.index_writer import IndexWriter
from catalog.adapters.opensearch import Engine
from catalog.settings import Settings


@dataclass
class Index:
    """Every face of one index."""

    engine: Engine
    names: IndexNames

    @property
    def writer(self) -> IndexWriter:
        return IndexWriter(self.engine, self.names)

    @property
    def reader(self) -> IndexReader:
        return IndexReader(self.engine, self.names, timeout_seconds=10)

    @property
    def admin(self) -> IndexAdmin:
        return IndexAdmin(self.engine, self.names)


@pytest_asyncio.fixture(loop_scope="session")
async def index(settings: Settings) -> AsyncIterator[Index]:
    engine = Engine(settings.opensearch_url, timeout_seconds=30)
    yield Index(engine, IndexNames(settings.index_prefix))
    await engine.call("DELETE", f"{settings.index_prefix}*")
    await engine.close()
