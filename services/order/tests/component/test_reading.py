"""Who sees which orders, and what of them."""

from typing import Any

import pytest

from testkit import operator


async def _confirmed(world: Any, by: Any = None) -> str:
    order_id: str = await world.ordered(by=by)
    await world.say_for(order_id, "reserved", "authorised", "committed", "captured")
    return order_id


async def test_a_buyer_sees_the_whole_order(world: Any) -> None:
    order_id = await _confirmed(world)

    shown = await world.order(order_id)

    assert shown["number"].startswith("H-")
    assert shown["total"] == {"amount": 4450, "currency": "EUR"}
    assert [part["seller_id"] for part in shown["seller_orders"]] == ["sel_a", "sel_b"]
    assert [part["total"]["amount"] for part in shown["seller_orders"]] == [2000, 2450]
    assert shown["shipping_address"]["city"] == "Lyon"
    assert (shown["seller_orders"][0]["lines"][0]["quantity"], shown["shortages"]) == (2, [])


@pytest.mark.parametrize("action", ["", "/payment", "/cancellation"])
async def test_somebody_elses_order_is_not_found(world: Any, action: str) -> None:
    order_id = await world.ordered()
    stranger = world.as_buyer("acc_stranger")
    method = "POST" if action else "GET"
    body = {"payment_method": "pm_card_visa"} if action == "/payment" else None
    key = {"idempotency-key": "a-stranger-1"}

    foreign = await stranger.request(method, f"/v1/orders/{order_id}{action}", json=body, headers=key)
    unknown = await stranger.request(method, f"/v1/orders/ord_nobody{action}", json=body, headers=key)

    assert (foreign.status, unknown.status) == (404, 404)
    assert foreign.json()["detail"] == unknown.json()["detail"]
    assert await world.state(order_id) == "reserving"


async def test_a_seller_sees_only_the_own_part_and_no_address_of_mail(world: Any) -> None:
    await _confirmed(world)
    seller = world.as_seller("sel_a")

    listed = (await seller.request("GET", "/v1/sellers/sel_a/orders")).json()
    (summary,) = listed["items"]
    part = (await seller.request("GET", f"/v1/sellers/sel_a/orders/{summary['seller_order_id']}")).json()

    assert (summary["total"]["amount"], summary["units"], listed["next"]) == (2000, 2, None)
    assert [line["offer_id"] for line in part["lines"]] == ["off_1"]
    assert part["shipping_address"]["name"] == "Zoé Martin"
    assert "off_2" not in str(part)
    assert not {"buyer_id", "email", "payment_method"} & set(part)


async def test_a_shop_counts_and_filters_what_it_has_to_ship(world: Any) -> None:
    order_id = await _confirmed(world)
    (part, _) = await world.rows("SELECT seller_order_id FROM seller_orders ORDER BY seller_id")
    seller, base, part_id = world.as_seller("sel_a"), "/v1/sellers/sel_a", part["seller_order_id"]

    before = (await seller.request("GET", f"{base}/order-counts")).json()
    await world.parcel(order_id, part_id, "shipped", 2)
    after = (await seller.request("GET", f"{base}/order-counts")).json()
    shown = [
        [item["seller_order_id"] for item in (await seller.request("GET", f"{base}/orders?{query}")).json()["items"]]
        for query in ("fulfilment=shipped", "fulfilment=preparing", f"ids={part_id},sor_unknown", "ids=sor_unknown")
    ]

    assert (before["none"] + before["preparing"], before["shipped"]) == (1, 0)
    assert after == {"none": 0, "preparing": 0, "shipped": 1, "delivered": 0}
    assert shown == [[part_id], [], [part_id], []]
    assert (await seller.request("GET", "/v1/sellers/sel_b/order-counts")).status == 404
    assert (await seller.request("GET", f"{base}/orders?fulfilment=lost")).status == 422


async def test_sellers_cannot_look_into_other_shops(world: Any) -> None:
    await _confirmed(world)
    rows = await world.rows("SELECT seller_order_id, seller_id FROM seller_orders ORDER BY seller_id")
    part_of_b = rows[1]["seller_order_id"]
    seller = world.as_seller("sel_a")

    for path in (
        "/v1/sellers/sel_b/orders",
        f"/v1/sellers/sel_b/orders/{part_of_b}",
        f"/v1/sellers/sel_a/orders/{part_of_b}",
    ):
        assert (await seller.request("GET", path)).status == 404, path


async def test_an_order_reaches_its_sellers_only_when_it_is_confirmed(world: Any) -> None:
    order_id = await world.ordered()
    (part, _) = await world.rows("SELECT seller_order_id FROM seller_orders ORDER BY seller_id")
    seller = world.as_seller("sel_a")
    path = f"/v1/sellers/sel_a/orders/{part['seller_order_id']}"

    before = (
        (await seller.request("GET", path)).status,
        (await seller.request("GET", "/v1/sellers/sel_a/orders")).json(),
    )
    await world.say_for(order_id, "reserved", "authorised", "committed", "captured")

    assert before == (404, {"items": [], "next": None})
    assert (await seller.request("GET", path)).status == 200


async def test_lists_are_newest_first_and_continue_where_they_stopped(world: Any) -> None:
    placed = [await world.ordered() for _ in range(5)]
    seen, after = [], ""

    for _ in range(3):
        page = (await world.as_buyer().request("GET", f"/v1/orders?limit=2{after}")).json()
        seen += [item["order_id"] for item in page["items"]]
        after = f"&cursor={page['next']}"

    assert seen == placed[::-1]
    assert page["next"] is None
    assert (await world.as_buyer("acc_2").request("GET", "/v1/orders")).json() == {"items": [], "next": None}


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "cursor=nonsense"])
async def test_bad_pages_are_refused(world: Any, query: str) -> None:
    answer = await world.as_buyer().request("GET", f"/v1/orders?{query}")

    assert (answer.status, answer.json()["code"]) == (422, "invalid-request")


async def test_operators_see_every_order(world: Any) -> None:
    order_id = await world.ordered()
    caller = world.api.acting_as(operator())

    listed = (await caller.request("GET", "/v1/operator/orders")).json()
    one = await caller.request("GET", f"/v1/orders/{order_id}")

    assert ([item["order_id"] for item in listed["items"]], one.status) == ([order_id], 200)
    assert (await world.as_buyer().request("GET", "/v1/operator/orders")).status == 403


async def test_an_id_with_a_zero_byte_is_bad_input_not_a_crash(world: Any) -> None:
    answer = await world.as_buyer().request("GET", "/v1/orders/ord_\x00")

    assert answer.status == 422


async def test_parcels_show_on_seller_orders_and_old_news_does_not(world: Any) -> None:
    order_id = await _confirmed(world)
    (part, _) = await world.rows("SELECT seller_order_id FROM seller_orders ORDER BY seller_id")

    await world.parcel(order_id, part["seller_order_id"], "delivered", 4)
    await world.parcel(order_id, part["seller_order_id"], "shipped", 2)

    (shown,) = (await world.as_seller("sel_a").request("GET", "/v1/sellers/sel_a/orders")).json()["items"]
    assert shown["fulfilment"] == "delivered"
