"""With nobody at the engine's address, writing waits for better times instead of giving up."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from services.catalog.tests.factories import offer_state, shop

from catalog.adapters.index_schema import IndexNames
from catalog.adapters.index_writer import IndexWriter
from catalog.adapters.opensearch import Engine, is_away
from edge.errors import Unavailable


@pytest_asyncio.fixture(loop_scope="session")
async def writer() -> AsyncIterator[IndexWriter]:
    engine = Engine("http://127.0.0.1:9", timeout_seconds=1)
    await engine.open()
    yield IndexWriter(engine, IndexNames())
    await engine.close()


async def test_the_consumer_is_told_to_try_again(writer: IndexWriter) -> None:
    with pytest.raises(Unavailable):
        await writer.put_offers([(offer_state("off_1", "prd_1"), 1)])
    with pytest.raises(Unavailable):
        await writer.put_shops([(shop("sel_1"), 1)])


async def test_nothing_to_write_asks_nobody(writer: IndexWriter) -> None:
    await writer.put_offers([])
    await writer.put_ratings([])


@pytest.mark.parametrize(("status", "expected"), [(429, True), (503, True), (400, False), (404, False)])
def test_which_answers_a_later_try_may_change(status: int, *, expected: bool) -> None:
    assert is_away(status) is expected
