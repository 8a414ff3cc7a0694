"""The invariants themselves: each one notices what is planted against it, in transactions that are rolled back."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from e2e_kit import World
from psycopg.rows import dict_row

from halles_local.invariants import Sources, progress, projections
from halles_local.invariants.check import FROM_TABLES
from halles_local.invariants.here import sources_of

pytestmark = [pytest.mark.stack, pytest.mark.timeout(90)]
OUTBOX_ROW = """
INSERT INTO outbox (event_id, topic, type, aggregate_id, sequence, shard, correlation_id)
VALUES (gen_random_uuid(), 't', 't', 'a', 1, 0, 'req_1')
"""
SECOND_KEYS = """
INSERT INTO idempotency_keys (principal, route, key, fingerprint, status, body)
SELECT principal, route, key || '-2', fingerprint, status, body FROM idempotency_keys WHERE route = 'POST /v1/checkouts'
"""
PLANTED = {
    "I1": ("catalog", "UPDATE offers SET reserved = on_hand + 1"),
    "I2": ("catalog", "UPDATE offers SET on_hand = on_hand + 1"),
    "I3": ("catalog", "DELETE FROM stock_movements WHERE kind IN ('listed', 'adjusted')"),
    "I4": ("order", "UPDATE sagas SET state = 'cancelled' WHERE state = 'confirmed'"),
    "I5": ("payment", "UPDATE payments SET amount = amount - 1 WHERE state = 'paid'"),
    "I6": ("order", "UPDATE seller_orders SET total = total + 1"),
    "I7": ("payment", "UPDATE ledger_entries SET amount = amount + 1 WHERE side = 'debit'"),
    "I8": (
        "payment",
        "UPDATE settlements SET transfer_id = 'tr_never_made_' || seller_order_id WHERE transfer_id IS NOT NULL",
    ),
    "I9": ("order", "UPDATE sagas SET state = 'compensating' WHERE state = 'confirmed'"),
    "I12": ("analytics", "DELETE FROM sale_lines"),
    "I13": ("review", OUTBOX_ROW),
    "I14": ("order", "UPDATE sagas SET state = 'cancelled' WHERE state = 'confirmed'"),
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def rested(world: World) -> World:
    """A market in which everything holds."""
    await world.at_rest()
    return world


@pytest.fixture
def sources(rested: World) -> Iterator[Sources]:
    made = sources_of(rested.place.stack)
    yield made
    made.close()


def planted(sources: Sources, service: str, statement: str) -> int:
    """Break a service's tables inside a transaction that nobody else sees; constraints and triggers stand aside."""
    connection: Any = psycopg.connect(sources.address(service), row_factory=dict_row)
    sources._connections[service] = connection
    connection.execute("SET lock_timeout = '10s'")
    connection.execute("SET LOCAL session_replication_role = replica")
    if service == "catalog":
        connection.execute("ALTER TABLE offers DROP CONSTRAINT offers_reserved_on_hand_check")
    return int(connection.execute(statement).rowcount)


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_violation_is_found(sources: Sources, name: str) -> None:
    assert planted(sources, *PLANTED[name]) > 0

    assert list(FROM_TABLES[name](sources))
    sources._connections[PLANTED[name][0]].rollback()


def test_an_acknowledged_order_that_is_gone_is_found(sources: Sources) -> None:
    found = list(progress.i10_acknowledged_orders_exist_once(sources, ["ord_never_made"]))

    assert found == ["ord_never_made was acknowledged and does not exist"]


def test_an_order_that_two_keys_answer_with_is_found(sources: Sources) -> None:
    assert planted(sources, "order", SECOND_KEYS) > 0

    assert list(progress.i10_acknowledged_orders_exist_once(sources))


@pytest.mark.parametrize("numbers", [[1, 3], [2, 3], [1, 3, 2]])
async def test_gaps_and_inversions_in_the_log_are_found(numbers: list[int]) -> None:
    class Log:
        async def sequences(self, topics: list[str]) -> dict[tuple[str, str], list[int]]:
            assert "order.order.v1" in topics
            return {("order.order.v1", "ord_1"): numbers, ("order.order.v1", "ord_2"): [1, 2]}

    found = await projections.i11_sequences_have_no_gap(Log())  # type: ignore[arg-type]

    assert len(found) == 1
