"""Who sees what: buyers their own payment, sellers their own earnings, operators everything."""

from datetime import UTC, datetime
from typing import Any

from payment.domain.facts import PayoutSchedule
from payment.domain.operation import Kind
from testkit import anonymous, buyer, eventually, operator, seller


async def test_a_buyer_sees_only_their_own_payment(rig: Any, make: Any) -> None:
    order = make.order()
    await rig.tell(order.authorise())
    await rig.until(order.order_id, "PaymentAuthorised")
    path = f"/v1/payments/{order.order_id}"

    callers = [buyer(order.buyer_id), buyer("acc_somebody_else"), operator(), anonymous()]
    answers = [await rig.api.acting_as(caller).request("GET", path) for caller in callers]

    assert [answer.status for answer in answers] == [200, 404, 200, 401]
    assert answers[0].json() == {
        "order_id": order.order_id,
        "status": "authorised",
        "attempt": 1,
        "next_action": None,
        "decline_reason": None,
        "amount": {"amount": 5690, "currency": "EUR"},
    }


async def test_a_shop_sees_only_its_own_settlements_page_by_page(rig: Any, make: Any) -> None:
    for _ in range(3):
        await rig.paid(make.order(("sel_a", 2490), ("sel_b", 3200)))
    path = "/v1/sellers/sel_a/settlements"

    first = (await rig.api.acting_as(seller("sel_a")).request("GET", f"{path}?limit=2")).json()
    second = (await rig.api.acting_as(seller("sel_a")).request("GET", f"{path}?limit=2&cursor={first['next']}")).json()
    foreign = await rig.api.acting_as(seller("sel_b")).request("GET", path)
    broken = await rig.api.acting_as(seller("sel_a")).request("GET", f"{path}?cursor=nonsense")

    items = [*first["items"], *second["items"]]
    assert ([len(first["items"]), len(second["items"])], second["next"]) == ([2, 1], None)
    assert {(item["seller_id"], item["net"]["amount"], item["status"]) for item in items} == {("sel_a", 2241, "held")}
    assert (foreign.status, broken.status) == (404, 422)


async def test_a_shop_sees_its_money_by_state(rig: Any, make: Any) -> None:
    for _ in range(2):
        await rig.paid(make.order(("sel_a", 2490), ("sel_b", 3200)))
    path = "/v1/sellers/sel_a/earnings"

    (held,) = (await rig.api.acting_as(seller("sel_a")).request("GET", path)).json()["items"]
    foreign = await rig.api.acting_as(seller("sel_b")).request("GET", path)

    assert (held["status"], held["orders"], held["next_due_at"]) == ("held", 2, None)
    assert [held[name]["amount"] for name in ("gross", "commission", "net")] == [4980, 498, 4482]
    assert foreign.status == 404


async def test_a_shop_gets_its_account_and_a_fresh_address_per_click(rig: Any) -> None:
    await rig.open_seller("sel_a", active=False)
    api, path = rig.api.acting_as(seller("sel_a")), "/v1/sellers/sel_a/payout-account"

    shown = (await api.request("GET", path)).json()
    minted = [(await api.request("POST", path)).json()["onboarding_url"] for _ in range(2)]
    staff = await rig.api.acting_as(seller("sel_a", role="staff")).request("POST", path)
    foreign = await rig.api.acting_as(seller("sel_b")).request("POST", path)

    assert shown == {"seller_id": "sel_a", "status": "onboarding", "onboarding_url": None}
    assert minted[0].startswith("http")
    assert minted[0] != minted[1]
    assert (staff.status, foreign.status) == (403, 404)


async def test_a_new_account_holds_its_payouts(rig: Any) -> None:
    await rig.open_seller("sel_a", active=False)

    await eventually(lambda: _is_confirmed(rig, "hold-payouts"))
    found = await rig.provider.find(Kind.HOLD_PAYOUTS, await _request(rig, "hold-payouts"), since=datetime.now(UTC))
    assert found == PayoutSchedule(await rig.account_of("sel_a"), "manual")


async def test_every_step_of_an_account_is_told_once(rig: Any) -> None:
    await rig.open_seller("sel_a")
    account = await rig.account_of("sel_a")
    for state in ("past_due", "active", "transfers_only", "rejected"):
        await rig.standin.control("POST", f"/accounts/{account}", {"state": state})
        expected = {"past_due": "restricted"}.get(state, state)
        await eventually(lambda expected=expected: rig.has_status("sel_a", expected))

    told = [(row.data.status, row.sequence) for row in await rig.told() if row.subject == "sel_a"]
    assert told == [
        ("onboarding", 1), ("active", 2), ("restricted", 3), ("active", 4), ("transfers_only", 5), ("rejected", 6),
    ]  # fmt: skip


async def test_the_operator_sees_every_cent_of_an_order(rig: Any, make: Any) -> None:
    order = make.order(("sel_a", 2490), ("sel_b", 3200))
    await rig.paid(order)
    api = rig.api.acting_as(operator())

    money = (await api.request("GET", f"/v1/operator/orders/{order.order_id}/money")).json()
    balances = (await api.request("GET", "/v1/operator/ledger/balances")).json()
    refused = [
        (await rig.api.acting_as(caller).request("GET", path)).status
        for caller in (buyer(order.buyer_id), seller("sel_a"))
        for path in (f"/v1/operator/orders/{order.order_id}/money", "/v1/operator/ledger/balances")
    ]

    assert (money["charge"]["amount"]["amount"], money["charge"]["fee"]["amount"]) == (5690, 110)
    assert (money["commission"]["amount"], money["balanced"], balances["balanced"]) == (569, True, True)
    assert [transaction["kind"] for transaction in money["ledger"]] == ["captured", "fee-known"]
    assert [call["kind"] for call in money["operations"]] == ["create-intent", "confirm-intent", "capture-intent"]
    assert {item["account"]: item["balance"] for item in balances["items"]}["stripe.pending"] == 5690 - 110
    assert refused == [403, 403, 403, 403]


async def test_what_does_not_exist_is_not_found(rig: Any) -> None:
    api = rig.api.acting_as(operator())

    answers = [
        await api.request("GET", "/v1/payments/ord_unknown"),
        await api.request("POST", "/v1/payments/ord_unknown/refresh"),
        await api.request("GET", "/v1/operator/orders/ord_unknown/money"),
        await api.request("POST", "/v1/operator/settlements/sor_unknown/release"),
        await api.request("GET", "/v1/sellers/sel_unknown/payout-account"),
    ]

    assert {(answer.status, answer.json()["code"]) for answer in answers} == {(404, "not-found")}


async def test_clients_learn_how_to_take_a_card(rig: Any) -> None:
    config = (await rig.api.acting_as(anonymous()).request("GET", "/v1/payment-config")).json()

    assert (config["publishable_key"], config["script_url"]) == ("pk_test_standin", None)
    assert {"pm_card_visa", "pm_card_threeDSecure2Required"} <= {m["payment_method"] for m in config["test_methods"]}


async def _is_confirmed(rig: Any, kind: str) -> bool:
    rows = await rig.rows("SELECT state FROM payment_operations WHERE kind = %s", (kind,))
    return [row["state"] for row in rows] == ["confirmed"]


async def _request(rig: Any, kind: str) -> bytes:
    (row,) = await rig.rows("SELECT request FROM payment_operations WHERE kind = %s", (kind,))
    return bytes(row["request"])
