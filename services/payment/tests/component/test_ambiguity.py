"""Answers that never came: nobody is charged twice and nothing is guessed (payments.md 4.5, section 6)."""

from typing import Any

import pytest
from chassis.testing import eventually

CONFIRM = "/v1/payment_intents/*/confirm"
CAPTURE = "/v1/payment_intents/*/capture"
CREATE = "/v1/payment_intents"
TRANSFER = "/v1/transfers"


@pytest.mark.parametrize("path", [CREATE, CONFIRM])
@pytest.mark.parametrize("kind", ["cut_after", "cut_before", "error_after", "error_before", "malformed", "rate_limit"])
async def test_a_lost_answer_to_authorising_charges_once(rig: Any, make: Any, kind: str, path: str) -> None:
    order = make.order()
    await rig.standin.fault(kind, method="POST", path=path, times=4)

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
    await rig.standin.fault(kind, method="POST", path=TRANSFER, times=4)
    (part,) = order.parts

    await rig.tell(make.delivered(order, part))
    await rig.rows("UPDATE settlements SET due_at = clock_timestamp() RETURNING 1")

    await rig.until(part.seller_order_id, "SettlementAccrued", "SettlementReleased", "SettlementTransferred", seconds=60)
    assert [transfer["amount"] for transfer in (await rig.standin.book(order.order_id))["transfers"]] == [2241]
    assert (await rig.balances())["custody.sel_a.stripe"] == 2241


async def test_a_replayed_failure_is_looked_up_and_tried_under_a_new_key(rig: Any, make: Any) -> None:
    """Stripe stores a 500 under the key and replays it for ever: only a lookup can tell what is true."""
    order = make.order()
    await rig.standin.fault("error_after", method="POST", path=CREATE, times=1)

    await rig.tell(order.authorise())

    await rig.until(order.order_id, "PaymentAuthorised", seconds=40)
    keys = await rig.rows("SELECT idempotency_key, state FROM payment_operations WHERE kind = 'create-intent'")
    assert [row["state"] for row in keys] == ["confirmed"]


async def test_a_key_that_meets_other_parameters_is_never_taken_for_a_failure(rig: Any, make: Any) -> None:
    order = make.order()
    await rig.standin.fault("cut_after", method="POST", path=CONFIRM, times=3)
    await rig.standin.fault("webhook_drop")
    await rig.standin.fault("error_before", method="GET", path="/v1/payment_intents/*", times=1000)
    await rig.tell(order.authorise())
    await eventually(lambda: _has_state(rig, "confirm-intent", "unknown"), timeout=20)

    await rig.rows(
        "UPDATE payment_operations SET state = 'sending', next_try_at = clock_timestamp(),"
        """ request = convert_to(replace(convert_from(request, 'utf8'), 'return"', 'elsewhere"'), 'utf8')"""
        " WHERE kind = 'confirm-intent' RETURNING 1"
    )
    await eventually(lambda: _is_mismatched(rig), timeout=20)
    assert await rig.told() == []

    await rig.standin.control("DELETE", "/faults")
    await rig.until(order.order_id, "PaymentAuthorised", seconds=30)
    assert len(await rig.standin.charges(order.order_id)) == 1


async def _has_state(rig: Any, kind: str, state: str) -> bool:
    rows = await rig.rows("SELECT state FROM payment_operations WHERE kind = %s", (kind,))
    return [row["state"] for row in rows] == [state]


async def _is_mismatched(rig: Any) -> bool:
    rows = await rig.rows("SELECT state FROM payment_operations WHERE is_key_mismatched")
    return [row["state"] for row in rows] == ["unknown"]
