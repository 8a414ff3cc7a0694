"""No statement of order, nor of the event spine, reads a growing table from one end to the other: cost stays flat."""

import pytest

from testkit.plans import Statement, all_whole_reads, large, whole_reads

ACCEPTED = {
    "order.repository.carts._DROP_IDLE": "finds its 500 carts by an index range; among 5,000 it then joins them by hash",
    "runtime.figures._OUTBOX": "the outbox holds what is not published yet",
    "runtime.figures._PARKED": "what is parked, counted by group; few, and an alert when there are any",
    "chassis.relay._READ": "the outbox holds what is not published yet",
    "chassis.relay._STATE": "reads the partial index of parked rows, which are few",
    "order.repository.sagas._OPEN": "sagas with a deadline, from their partial index: those that are not decided yet",
    "edge.http._consumed.1": "what waits to be published or is parked; only traces and checks ask",
}
PLANTED = (
    "SELECT order_id FROM orders WHERE total > %s",
    "SELECT order_id FROM sagas WHERE deadline_at <= clock_timestamp() ORDER BY deadline_at LIMIT %s",
    "SELECT order_id FROM orders WHERE %(x)s::text IS NULL OR order_id < %(x)s ORDER BY order_id DESC LIMIT 20",
    "SELECT count(*) FROM orders",
)
SOUND = (
    "SELECT order_id FROM orders WHERE order_id < %s ORDER BY order_id DESC LIMIT 20",
    "SELECT order_id FROM sagas WHERE deadline_at <= statement_timestamp() ORDER BY deadline_at LIMIT %s",
)


def test_every_statement_reads_ranges_of_indexes() -> None:
    assert all_whole_reads("order", "chassis", "edge", "runtime.retention", "runtime.figures", accepted=ACCEPTED) == {}


def test_planted_statements_are_caught_and_sound_ones_pass() -> None:
    with large("order") as connection:
        for text in PLANTED:
            assert whole_reads(connection, Statement("planted", text)), text
        for text in SOUND:
            assert whole_reads(connection, Statement("sound", text)) == [], text


def test_a_reason_for_a_statement_that_is_gone_is_refused() -> None:
    with pytest.raises(LookupError, match=r"order\.gone"):
        all_whole_reads("order", accepted={"order.gone": "it went"})
