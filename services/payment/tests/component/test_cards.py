"""What a buyer's card can do: pass, ask for 3-D Secure, be refused and be followed by another."""

import asyncio
from typing import Any

import pytest

from contracts.payment import PaymentActionRequired, PaymentDeclined
from testkit import buyer, eventually


async def test_a_declined_card_is_followed_by_another_on_the_same_intent(rig: Any, make: Any) -> None:
    order = make.order()
    await rig.tell(order.placed(), twice=False)

    await rig.tell(order.authorise("pm_card_visa_chargeDeclinedInsufficientFunds"))
    await rig.until(order.order_id, "PaymentDeclined")
    await rig.tell(order.authorise("pm_card_visa", attempt=2))
    await rig.until(order.order_id, "PaymentDeclined", "PaymentAuthorised")

    (declined,) = await rig.told(PaymentDeclined)
    assert (declined.data.attempt, declined.data.reason) == (1, "insufficient_funds")
    kinds = [row["kind"] for row in await rig.rows("SELECT kind FROM payment_operations ORDER BY operation_id")]
    assert kinds.count("create-intent") == 1
    assert kinds.count("confirm-intent") == 2


@pytest.mark.parametrize(("outcome", "told"), [("complete", "PaymentAuthorised"), ("fail", "PaymentDeclined")])
async def test_three_d_secure_ends_as_the_bank_says(rig: Any, make: Any, outcome: str, told: str) -> None:
    order = make.order()
    await rig.tell(order.authorise("pm_card_threeDSecure2Required"))
    await rig.until(order.order_id, "PaymentActionRequired")
    view = (await rig.api.acting_as(buyer(order.buyer_id)).request("GET", f"/v1/payments/{order.order_id}")).json()

    await rig.standin.control(
        "POST", f"/payment_intents/{await _intent(rig, order)}/authenticate", {"outcome": outcome}
    )
    await rig.until(order.order_id, "PaymentActionRequired", told)

    (asked,) = await rig.told(PaymentActionRequired)
    assert asked.data.attempt == 1
    assert (view["status"], view["next_action"]["redirect_url"].startswith("http")) == ("action_required", True)


async def test_the_return_page_and_the_webhook_tell_one_outcome(rig: Any, make: Any) -> None:
    order = make.order()
    await rig.tell(order.authorise("pm_card_threeDSecure2Required"))
    await rig.until(order.order_id, "PaymentActionRequired")
    await rig.standin.fault("webhook_delay", seconds=1.0)
    await rig.standin.control(
        "POST", f"/payment_intents/{await _intent(rig, order)}/authenticate", {"outcome": "complete"}
    )

    api = rig.api.acting_as(buyer(order.buyer_id))
    refreshed = (await api.request("POST", f"/v1/payments/{order.order_id}/refresh")).json()
    await eventually(lambda: _is_processed(rig, "payment_intent.amount_capturable_updated"))

    assert (refreshed["status"], refreshed["next_action"]) == ("authorised", None)
    assert await rig.told_types(order.order_id) == ["PaymentActionRequired", "PaymentAuthorised"]


async def test_return_pages_and_webhook_at_the_same_instant_complete_once(rig: Any, make: Any) -> None:
    """Two completers that raced each other lost others their orders (payments.md 6, case 3)."""
    orders = [make.order() for _ in range(10)]
    await rig.tell(*(order.authorise("pm_card_threeDSecure2Required") for order in orders))
    for order in orders:
        await rig.until(order.order_id, "PaymentActionRequired")

    async def come_back(order: Any) -> None:
        path = f"/payment_intents/{await _intent(rig, order)}/authenticate"
        api = rig.api.acting_as(buyer(order.buyer_id))
        refreshes = [api.request("POST", f"/v1/payments/{order.order_id}/refresh") for _ in range(4)]
        await asyncio.gather(rig.standin.control("POST", path, {"outcome": "complete"}), *refreshes)

    await asyncio.gather(*(come_back(order) for order in orders))

    for order in orders:
        await rig.until(order.order_id, "PaymentActionRequired", "PaymentAuthorised", seconds=30)
        await rig.tell(order.placed(), order.capture())
    for order in orders:
        await rig.until(order.order_id, "PaymentActionRequired", "PaymentAuthorised", "PaymentCaptured", seconds=30)
    captured = await rig.rows("SELECT source_id FROM ledger_transactions WHERE kind = 'captured'")
    assert sorted(row["source_id"] for row in captured) == sorted(order.order_id for order in orders)


async def test_another_card_may_replace_one_that_waits_for_the_bank(rig: Any, make: Any) -> None:
    order = make.order()
    await rig.tell(order.authorise("pm_card_threeDSecure2Required"))
    await rig.until(order.order_id, "PaymentActionRequired")

    await rig.tell(order.authorise("pm_card_visa", attempt=2))

    await rig.until(order.order_id, "PaymentActionRequired", "PaymentAuthorised")
    assert len(await rig.standin.charges(order.order_id)) == 1


async def test_an_unknown_payment_method_is_a_decline_with_a_reason(rig: Any, make: Any) -> None:
    order = make.order()
    await rig.tell(order.authorise("pm_nobody_knows_this"))
    await rig.until(order.order_id, "PaymentDeclined")

    (declined,) = await rig.told(PaymentDeclined)
    assert declined.data.reason == "resource_missing"


async def test_a_repeated_command_repeats_the_outcome_and_calls_nobody(rig: Any, make: Any) -> None:
    order = make.order()
    await rig.tell(order.authorise())
    await rig.until(order.order_id, "PaymentAuthorised")

    await rig.tell(order.authorise())

    await rig.until(order.order_id, "PaymentAuthorised", "PaymentAuthorised")
    assert len(await rig.rows("SELECT 1 FROM payment_operations")) == 2
    assert [row.sequence for row in await rig.told()] == [1, 2]


async def _intent(rig: Any, order: Any) -> str:
    (row,) = await rig.rows("SELECT intent_id FROM payments WHERE order_id = %s", (order.order_id,))
    return str(row["intent_id"])


async def _is_processed(rig: Any, event_type: str) -> bool:
    rows = await rig.rows("SELECT state FROM webhook_events WHERE type = %s", (event_type,))
    return bool(rows) and all(row["state"] == "done" for row in rows)
