"""Answers that never came: nobody is charged twice and nothing is guessed (payments.md 4.5, section 6)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from payment.domain.facts import Done, id_of
from payment.domain.operation import Kind
from testkit import eventually

CONFIRM = "/v1/payment_intents/*/confirm"
CAPTURE = "/v1/payment_intents/*/capture"
CREATE = "/v1/payment_intents"
TRANSFER = "/v1/transfers"


@pytest.mark.parametrize(
    ("kind", "path", "times"),
    [
        ("cut_after", CREATE, 4),
        ("error_before", CREATE, 2),
        ("cut_after", CONFIRM, 4),
        ("cut_before", CONFIRM, 4),
        ("error_after", CONFIRM, 4),
        ("error_before", CONFIRM, 2),
        ("malformed", CONFIRM, 4),
        ("conflict", CONFIRM, 4),
        ("rate_limit", CONFIRM, 1),
    ],
)
async def test_a_lost_answer_to_authorising_charges_once(rig: Any, make: Any, kind: str, path: str, times: int) -> None:
    order = make.order()
    await rig.standin.fault(kind, method="POST", path=path, times=times)

    await rig.tell(order.authorise())

    await rig.until(order.order_id, "PaymentAuthorised", seconds=40)
    assert len(await rig.standin.charges(order.order_id)) == 1


@pytest.mark.parametrize("kind", ["cut_after", "error_after", "conflict"])
async def test_a_lost_answer_to_capturing_books_once(rig: Any, make: Any, kind: str) -> None:
    order = make.order()
    await rig.tell(order.placed(), order.authorise())
    await rig.until(order.order_id, "PaymentAuthorised")
    await rig.standin.fault(kind, method="POST", path=CAPTURE, times=4)

    await rig.tell(order.capture())

    await rig.until(order.order_id, "PaymentAuthorised", "PaymentCaptured", seconds=40)
    assert len(await rig.rows("SELECT 1 FROM ledger_transactions WHERE kind = 'captured'")) == 1


@pytest.mark.parametrize("card", ["pm_standin_cut_after_success", "pm_standin_error_after_success"])
async def test_cards_that_lose_the_answer_after_success(rig: Any, make: Any, card: str) -> None:
    order = make.order()
    await rig.tell(order.authorise(card))

    await rig.until(order.order_id, "PaymentAuthorised", seconds=40)
    assert len(await rig.standin.charges(order.order_id)) == 1


@pytest.mark.parametrize("kind", ["cut_after", "error_after", "error_before"])
async def test_a_lost_answer_to_a_transfer_pays_the_seller_once(rig: Any, make: Any, kind: str) -> None:
    order = make.order(("sel_a", 2490))
    await rig.open_seller("sel_a")
    await rig.paid(order)
    await rig.standin.fault(kind, method="POST", path=TRANSFER, times=2)
    (part,) = order.parts

    await rig.tell(make.delivered(order, part))
    await rig.release_now()

    await rig.until(
        part.seller_order_id, "SettlementAccrued", "SettlementReleased", "SettlementTransferred", seconds=60
    )
    assert [transfer["amount"] for transfer in (await rig.standin.book(order.order_id))["transfers"]] == [2241]
    assert (await rig.balances())["custody.sel_a.stripe"] == 2241


@pytest.mark.parametrize("kind", ["cut_after", "error_before"])
async def test_a_lost_answer_to_a_refund_pays_back_once(rig: Any, make: Any, kind: str) -> None:
    await rig.paid(make.order(("sel_c", 50_000)))
    order = make.order()
    await rig.paid(order)
    await rig.standin.fault(kind, method="POST", path="/v1/refunds", times=2)

    await rig.tell(order.cancel())

    await rig.until(order.order_id, "PaymentAuthorised", "PaymentCaptured", "PaymentRefunded", seconds=40)
    assert len((await rig.standin.book(order.order_id))["refunds"]) == 1


async def test_after_a_day_in_doubt_only_the_lookup_counts(rig: Any, make: Any) -> None:
    """Refund and account were made, the answer was lost, and the provider has forgotten the keys."""
    await rig.paid(make.order(("sel_c", 50_000)))
    order = make.order()
    await rig.paid(order)
    await rig.tell(order.cancel())
    await rig.until(order.order_id, "PaymentAuthorised", "PaymentCaptured", "PaymentRefunded")
    await rig.open_seller("sel_a")

    for kind in ("create-refund", "create-account", "create-intent", "capture-intent"):
        (row,) = await rig.rows(
            "SELECT request, provider_id FROM payment_operations WHERE kind = %s ORDER BY operation_id DESC LIMIT 1",
            (kind,),
        )
        found = await rig.provider.find(Kind(kind), row["request"], since=datetime.now(UTC))
        assert found is not None, kind
        assert id_of(found) == row["provider_id"]


async def test_a_cancellation_during_a_capture_ends_in_a_refund(rig: Any, make: Any) -> None:
    await rig.paid(make.order(("sel_c", 50_000)))
    order = make.order()
    await rig.tell(order.placed(), order.authorise())
    await rig.until(order.order_id, "PaymentAuthorised")
    await rig.standin.fault("delay", method="POST", path=CAPTURE, seconds=0.7)

    await rig.tell(order.capture(), twice=False)
    await eventually(lambda: _has_state(rig, "capture-intent", "sending", order_id=order.order_id))
    await rig.tell(order.cancel())

    await rig.until(order.order_id, "PaymentAuthorised", "PaymentCaptured", "PaymentRefunded", seconds=30)
    sums = (await rig.standin.book(order.order_id))["groups"][f"order_{order.order_id}"]
    assert (sums["charged"], sums["refunded"]) == (order.amount, order.amount)


async def test_a_replayed_failure_is_looked_up_and_tried_under_a_new_key(rig: Any, make: Any) -> None:
    """Stripe stores a failure under the key and replays it for ever: only a lookup can tell what is true."""
    order = make.order()
    await rig.standin.fault("error_before", method="POST", path=CREATE, times=1000)
    await rig.tell(order.authorise())
    await eventually(lambda: _has_state(rig, "create-intent", "unknown"))

    await rig.rows("UPDATE payment_operations SET is_failure_final = true RETURNING 1")
    await rig.standin.control("DELETE", "/faults")

    await rig.until(order.order_id, "PaymentAuthorised", seconds=30)
    created = await rig.rows(
        "SELECT idempotency_key, state, error FROM payment_operations WHERE kind = 'create-intent' ORDER BY attempt"
    )
    assert [(row["state"], row["error"]) for row in created] == [("rejected", "not-executed"), ("confirmed", None)]
    assert [row["idempotency_key"][-5:] for row in created] == [":pi:1", ":pi:2"]


async def test_a_key_that_meets_other_parameters_is_never_taken_for_a_failure(rig: Any, make: Any) -> None:
    order = make.order()
    await rig.standin.fault("cut_before", method="POST", path=CONFIRM)
    await rig.tell(order.authorise())
    await eventually(lambda: _has_state(rig, "confirm-intent", "unknown"))
    (row,) = await rig.rows(
        "UPDATE payment_operations SET next_try_at = '2100-01-01' WHERE kind = 'confirm-intent' RETURNING *"
    )
    await rig.standin.control("DELETE", "/faults")
    await rig.standin.fault("webhook_drop")
    await rig.standin.fault("error_before", method="GET", path="/v1/payment_intents/*")
    other = row["request"].replace(b"/return", b"/elsewhere")

    sent = await rig.provider.send(Kind.CONFIRM_INTENT, other, key=row["idempotency_key"])
    await rig.rows(
        "UPDATE payment_operations SET state = 'sending', next_try_at = now() WHERE state = 'unknown' RETURNING 1"
    )
    await eventually(lambda: _is_mismatched(rig))

    assert isinstance(sent, Done)
    assert await rig.told() == []
    await rig.standin.control("DELETE", "/faults")
    await rig.until(order.order_id, "PaymentAuthorised", seconds=30)
    assert len(await rig.standin.charges(order.order_id)) == 1


async def test_while_the_provider_is_away_nothing_is_lost(rig: Any, make: Any) -> None:
    order = make.order()
    await rig.standin.fault("cut_before")
    await rig.tell(order.placed(), order.authorise())
    await eventually(lambda: _has_state(rig, "create-intent", "unknown"))
    assert await rig.told() == []

    await rig.standin.control("DELETE", "/faults")

    await rig.until(order.order_id, "PaymentAuthorised", seconds=30)
    assert len(await rig.standin.charges(order.order_id)) == 1


async def _has_state(rig: Any, kind: str, state: str, *, order_id: str | None = None) -> bool:
    rows = await rig.rows(
        "SELECT state FROM payment_operations WHERE kind = %s AND coalesce(subject_id = %s, true)", (kind, order_id)
    )
    return [row["state"] for row in rows] == [state]


async def _is_mismatched(rig: Any) -> bool:
    rows = await rig.rows("SELECT state FROM payment_operations WHERE is_key_mismatched")
    return [row["state"] for row in rows] == ["unknown"]
