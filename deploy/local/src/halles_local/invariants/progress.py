"""I9, I10, I13, I14: nothing stuck, nothing lost, nothing held."""

from collections import Counter
from collections.abc import Iterator, Sequence

from contracts.topics import dead_letter_topics
from halles_local.invariants.sources import Sources

DATABASES = ("identity", "catalog", "order", "payment", "messaging", "review", "logistics", "analytics")
_STUCK = """
SELECT order_id, state FROM sagas WHERE state IN ('compensating', 'releasing', 'voiding')
OR (state NOT IN ('confirmed', 'cancelled') AND deadline_at < clock_timestamp() - interval '60 seconds')
"""
_ANSWERS = "SELECT convert_from(body, 'UTF8')::jsonb ->> 'order_id' AS order_id FROM idempotency_keys WHERE route = 'POST /v1/checkouts'"
_HELD = ("action_required", "processing", "authorised", "paid")


def i09_no_saga_is_stuck(sources: Sources) -> Iterator[str]:
    for row in sources.rows("order", _STUCK):
        yield f"{row['order_id']} is {row['state']}"


def i10_acknowledged_orders_exist_once(sources: Sources, acknowledged: Sequence[str] = ()) -> Iterator[str]:
    existing = {row["order_id"] for row in sources.rows("order", "SELECT order_id FROM orders")}
    for order_id in acknowledged:
        if order_id not in existing:
            yield f"{order_id} was acknowledged and does not exist"
    answers = Counter(row["order_id"] for row in sources.rows("order", _ANSWERS))
    for order_id, times in answers.items():
        if times > 1 or order_id not in existing:
            yield f"{order_id}: {times} idempotency keys, exists: {order_id in existing}"


def i13_nothing_waits(sources: Sources) -> Iterator[str]:
    for service in DATABASES:
        for table in ("outbox", "parked_events"):
            count = sources.rows(service, f"SELECT count(*) AS n FROM {table}")[0]["n"]  # noqa: S608
            if count:
                yield f"{service}: {count} rows in {table}"


async def i13_no_dead_letters(sources: Sources) -> list[str]:
    sizes = await sources.sizes([topic.name for topic in dead_letter_topics()])
    return [f"{topic}: {size} dead letters" for topic, size in sizes.items() if size]


def i14_cancelled_orders_hold_nothing(sources: Sources) -> Iterator[str]:
    held = {
        row["order_id"]: row["status"] for row in sources.rows("catalog", "SELECT order_id, status FROM reservations")
    }
    money = {row["order_id"]: row["state"] for row in sources.rows("payment", "SELECT order_id, state FROM payments")}
    for row in sources.rows("order", "SELECT order_id FROM sagas WHERE state = 'cancelled'"):
        stock, payment = held.get(row["order_id"]), money.get(row["order_id"])
        if stock in ("open", "committed") or payment in _HELD:
            yield f"{row['order_id']}: reservation {stock}, payment {payment}"
