"""Bringing an order's money to zero, from wherever it is."""

from typing import Any

import pytest

from contracts.payment import PaymentCaptureFailed, PaymentRefunded
from testkit import eventually


async def test_a_held_card_is_released(rig: Any, make: Any) -> None:
    order = make.order()
    await rig.tell(order.placed(), order.authorise())
    await rig.until(order.order_id, "PaymentAuthorised")

    await rig.tell(order.cancel())

    await rig.until(order.order_id, "PaymentAuthorised", "PaymentVoided")
    book = await rig.standin.book(order.order_id)
    assert [charge["amount_captured"] for charge in book["charges"]] == [0]
    assert await rig.rows("SELECT 1 FROM ledger_transactions") == []


async def test_captured_money_goes_back_in_full(rig: Any, make: Any) -> None:
    await rig.paid(make.order(("sel_c", 50_000)))
    before = await rig.balances()
    order = make.order(("sel_a", 2490), ("sel_b", 3200))
    await rig.paid(order)

    await rig.tell(order.cancel())

    await rig.until(order.order_id, "PaymentAuthorised", "PaymentCaptured", "PaymentRefunded")
    for part in order.parts:
        assert await rig.told_types(part.seller_order_id) == ["SettlementAccrued", "SettlementCancelled"]
    sums = (await rig.standin.book(order.order_id))["groups"][f"order_{order.order_id}"]
    assert (sums["charged"], sums["refunded"], sums["kept"]) == (5690, 5690, 0)
    after = await rig.balances()
    changed = {path: after.get(path, 0) - before.get(path, 0) for path in after | before}
    assert {path: amount for path, amount in changed.items() if amount} == {
        "expense.processing": 110,
        "stripe.pending": 5690 - 110,
        "stripe.available": -5690,
    }


async def test_a_refund_that_our_balance_does_not_cover_waits_and_is_not_made_twice(rig: Any, make: Any) -> None:
    order = make.order()
    await rig.paid(order)
    await rig.tell(order.cancel())
    await eventually(lambda: _has_refund(rig, order.order_id, "pending"))
    assert await rig.told(PaymentRefunded) == []

    await rig.paid(make.order(("sel_c", 50_000)))
    await rig.standin.control("POST", "/clock", {"seconds": 3700})

    await rig.until(order.order_id, "PaymentAuthorised", "PaymentCaptured", "PaymentRefunded")
    assert await _has_refund(rig, order.order_id, "succeeded")


async def test_a_refund_that_the_bank_sends_back_is_owed_to_the_buyer(rig: Any, make: Any) -> None:
    await rig.paid(make.order(("sel_c", 50_000)))
    order = make.order()
    await rig.tell(order.placed(), order.authorise("pm_card_refundFail"))
    await rig.until(order.order_id, "PaymentAuthorised")
    await rig.tell(order.capture())
    await rig.until(order.order_id, "PaymentAuthorised", "PaymentCaptured")

    await rig.tell(order.cancel())
    await rig.until(order.order_id, "PaymentAuthorised", "PaymentCaptured", "PaymentRefunded")
    await rig.standin.control("POST", "/clock", {"seconds": 60})

    await eventually(lambda: _is_owed(rig, order.amount))
    assert len((await rig.standin.book(order.order_id))["refunds"]) == 1


async def test_a_cancellation_that_comes_first_bars_the_payment(rig: Any, make: Any) -> None:
    order = make.order()
    await rig.tell(order.cancel())
    await rig.until(order.order_id, "PaymentVoided")

    await rig.tell(order.authorise())

    await rig.until(order.order_id, "PaymentVoided", "PaymentVoided")
    assert await rig.rows("SELECT 1 FROM payment_operations") == []
    assert await rig.standin.charges(order.order_id) == []


async def test_a_cancellation_in_the_same_breath_leaves_nothing_held(rig: Any, make: Any) -> None:
    order = make.order()
    await rig.tell(order.placed(), order.authorise(), order.cancel())

    await rig.until(order.order_id, "PaymentVoided")
    assert await rig.standin.charges(order.order_id) == []


@pytest.mark.parametrize("card", ["pm_card_threeDSecure2Required", "pm_card_visa_chargeDeclined"])
async def test_an_unfinished_attempt_is_called_off(rig: Any, make: Any, card: str) -> None:
    order = make.order()
    await rig.tell(order.authorise(card))
    first = "PaymentActionRequired" if "Secure" in card else "PaymentDeclined"
    await rig.until(order.order_id, first)

    await rig.tell(order.cancel())

    await rig.until(order.order_id, first, "PaymentVoided")
    await rig.tell(order.authorise("pm_card_visa", attempt=2))
    await rig.until(order.order_id, first, "PaymentVoided", "PaymentVoided")
    assert await rig.standin.charges(order.order_id) == []


async def test_a_repeated_cancellation_repeats_its_outcome(rig: Any, make: Any) -> None:
    await rig.paid(make.order(("sel_c", 50_000)))
    order = make.order()
    await rig.paid(order)
    await rig.tell(order.cancel())
    told = ("PaymentAuthorised", "PaymentCaptured", "PaymentRefunded")
    await rig.until(order.order_id, *told)

    await rig.tell(order.cancel())

    await rig.until(order.order_id, *told, "PaymentRefunded")
    assert len((await rig.standin.book(order.order_id))["refunds"]) == 1


async def test_a_cancelled_payment_is_not_captured(rig: Any, make: Any) -> None:
    order = make.order()
    await rig.tell(order.placed(), order.authorise())
    await rig.until(order.order_id, "PaymentAuthorised")
    await rig.tell(order.cancel())
    await rig.until(order.order_id, "PaymentAuthorised", "PaymentVoided")

    await rig.tell(order.capture())

    await rig.until(order.order_id, "PaymentAuthorised", "PaymentVoided", "PaymentCaptureFailed")
    (failed,) = await rig.told(PaymentCaptureFailed)
    assert failed.data.reason == "payment-voided"


async def test_an_authorisation_that_lapsed_fails_the_capture(rig: Any, make: Any) -> None:
    order = make.order()
    await rig.tell(order.placed(), order.authorise())
    await rig.until(order.order_id, "PaymentAuthorised")
    await rig.standin.fault("webhook_drop")
    await rig.standin.control("POST", "/clock", {"seconds": 8 * 86_400})

    await rig.tell(order.capture())

    await rig.until(order.order_id, "PaymentAuthorised", "PaymentCaptureFailed", "PaymentVoided")
    assert await rig.rows("SELECT 1 FROM ledger_transactions") == []


async def _has_refund(rig: Any, order_id: str, status: str) -> bool:
    refunds = (await rig.standin.book(order_id))["refunds"]
    return [refund["status"] for refund in refunds] == [status]


async def _is_owed(rig: Any, amount: int) -> bool:
    return bool((await rig.balances()).get("buyer.acc_buyer.refund_due") == amount)
