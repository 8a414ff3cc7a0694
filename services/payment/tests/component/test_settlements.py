"""Release and transfer: when, to whom, and what happens when it is refused (payments.md 1.8)."""

from typing import Any

import pytest

from contracts.payment import SettlementReleased, SettlementTransferred
from testkit import eventually, operator

ALL = ("SettlementAccrued", "SettlementReleased", "SettlementTransferred")


async def release(rig: Any, part: Any) -> Any:
    path = f"/v1/operator/settlements/{part.seller_order_id}/release"
    return await rig.api.acting_as(operator()).request("POST", path)


async def test_nothing_is_released_before_delivery_and_hold(rig: Any, make: Any) -> None:
    order = make.order(("sel_a", 2490))
    (part,) = order.parts
    await rig.open_seller("sel_a")
    await rig.paid(order)

    refused = await release(rig, part)
    await rig.tell(make.delivered(order, part))

    assert (refused.status, refused.json()["code"]) == (409, "not-delivered")
    (row,) = await rig.rows(
        "SELECT state, round(extract(epoch FROM due_at - delivered_at))::int AS hold_seconds FROM settlements"
    )
    assert row == {"state": "held", "hold_seconds": 3600}
    assert await rig.told(SettlementReleased) == []


async def test_the_hold_ends_by_itself(rig: Any, make: Any) -> None:
    order = make.order(("sel_a", 2490))
    (part,) = order.parts
    await rig.open_seller("sel_a")
    await rig.paid(order)
    await rig.tell(make.delivered(order, part))

    await rig.release_now()

    await rig.until(part.seller_order_id, *ALL)


async def test_the_story_of_the_delivery_goes_on_in_the_transfer(rig: Any, make: Any) -> None:
    order = make.order(("sel_a", 2490))
    (part,) = order.parts
    await rig.open_seller("sel_a")
    await rig.paid(order)
    await rig.tell(make.delivered(order, part))
    await release(rig, part)
    await rig.until(part.seller_order_id, *ALL)

    told = [*(await rig.told(SettlementReleased)), *(await rig.told(SettlementTransferred))]
    assert {row.correlation_id for row in told} == {"req_test"}
    assert [row.sequence for row in told] == [2, 3]


async def test_a_release_waits_for_the_sellers_account(rig: Any, make: Any) -> None:
    order = make.order(("sel_a", 2490))
    (part,) = order.parts
    await rig.open_seller("sel_a", active=False)
    await rig.paid(order)
    await rig.tell(make.delivered(order, part))
    await release(rig, part)
    assert await rig.told_types(part.seller_order_id) == ["SettlementAccrued"]

    await rig.standin.control("POST", f"/accounts/{await rig.account_of('sel_a')}", {"state": "active"})

    await rig.until(part.seller_order_id, *ALL)


async def test_one_refused_transfer_does_not_hold_up_the_others_and_is_paid_later(rig: Any, make: Any) -> None:
    """The account is restricted between release and transfer (payments.md 6, case 5 and 19)."""
    order = make.order(("sel_a", 2490), ("sel_b", 3200))
    first, second = order.parts
    await rig.open_seller("sel_a", "sel_b")
    await rig.paid(order)
    await rig.standin.fault("webhook_drop")
    account = await rig.account_of("sel_a")
    await rig.standin.control("POST", f"/accounts/{account}", {"state": "past_due"})
    for part in order.parts:
        await rig.tell(make.delivered(order, part))
        await release(rig, part)

    await rig.until(second.seller_order_id, *ALL)
    await eventually(lambda: _is_blocked(rig, first.seller_order_id))
    assert await rig.told_types(first.seller_order_id) == ["SettlementAccrued", "SettlementReleased"]
    assert (await rig.balances())["seller.sel_a.payable"] == 2241

    await rig.standin.control("POST", f"/accounts/{account}", {"state": "active"})
    await rig.release_now()
    await rig.until(first.seller_order_id, *ALL)
    transfers = (await rig.standin.book(order.order_id))["transfers"]
    assert sorted(transfer["amount"] for transfer in transfers) == [2241, 2880]
    assert "seller.sel_a.payable" not in await rig.balances()
    keys = await rig.rows("SELECT attempt, state FROM payment_operations WHERE kind = 'create-transfer' AND subject_id = %s",
                          (first.seller_order_id,))  # fmt: skip
    assert {(row["attempt"], row["state"]) for row in keys} == {(1, "rejected"), (2, "confirmed")}


async def test_the_commission_is_frozen_at_placement(rig: Any, make: Any) -> None:
    order = make.order(("sel_a", 2495))
    await rig.tell(order.placed())

    lines = await rig.rows("SELECT base, rate_basis_points, commission, commission_vat FROM commission_lines")
    shares = await rig.rows("SELECT gross, commission, net, state FROM settlements")
    assert lines == [{"base": 2495, "rate_basis_points": 1000, "commission": 250, "commission_vat": 0}]
    assert shares == [{"gross": 2495, "commission": 250, "net": 2245, "state": "expected"}]


async def test_a_capture_waits_for_the_commission(rig: Any, make: Any) -> None:
    """The placement comes by another topic and may be late."""
    order = make.order()
    await rig.tell(order.authorise())
    await rig.until(order.order_id, "PaymentAuthorised")
    await rig.tell(order.capture())
    assert await rig.rows("SELECT 1 FROM payment_operations WHERE kind = 'capture-intent'") == []

    await rig.tell(order.placed())

    await rig.until(order.order_id, "PaymentAuthorised", "PaymentCaptured")


async def test_shares_that_do_not_add_up_stop_before_any_money(rig: Any, make: Any) -> None:
    order = make.order()
    await rig.tell(order.placed())
    wrong = order.authorise().model_copy(update={"amount": order.authorise().amount.times(2)})

    with pytest.raises(AssertionError, match="parked"):
        await rig.tell(wrong)

    assert await rig.rows("SELECT 1 FROM payments") == []
    assert await rig.rows("SELECT 1 FROM payment_operations") == []


async def test_money_becomes_available_as_the_provider_says(rig: Any, make: Any) -> None:
    order = make.order(("sel_a", 2490))
    (part,) = order.parts
    await rig.open_seller("sel_a")
    await rig.paid(order)
    await rig.tell(make.delivered(order, part))
    await release(rig, part)
    await rig.until(part.seller_order_id, *ALL)
    fee = 62
    assert (await rig.balances())["stripe.pending"] == 2490 - fee - 2241

    await rig.standin.control("POST", "/clock", {"seconds": 4 * 86_400})
    await rig.rows("UPDATE balance_movements SET available_at = now() RETURNING 1")
    rig.loop("payment.balance").wake()

    await eventually(lambda: _is_available(rig, 2490 - fee - 2241))
    assert "stripe.pending" not in await rig.balances()


async def _is_available(rig: Any, amount: int) -> bool:
    return bool((await rig.balances()).get("stripe.available") == amount)


async def _is_blocked(rig: Any, seller_order_id: str) -> bool:
    rows = await rig.rows(
        "SELECT state, blocked_reason FROM settlements WHERE seller_order_id = %s", (seller_order_id,)
    )
    return bool(rows[0]["state"] == "releasable" and rows[0]["blocked_reason"])
