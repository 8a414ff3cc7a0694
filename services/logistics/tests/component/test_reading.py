"""Who sees which parcels."""

from typing import Any

import pytest

from testkit import operator


async def _order(world: Any) -> str:
    await world.order_says(world.placed("ord_1"), world.confirmed("ord_1"))
    return "ord_1"


async def test_a_buyer_sees_the_parcels_of_the_own_order(world: Any) -> None:
    order_id = await _order(world)

    seen = (await world.as_buyer().request("GET", f"/v1/orders/{order_id}/shipments")).json()

    assert [item["seller_id"] for item in seen["items"]] == ["sel_a", "sel_b"]
    (line,) = seen["items"][0]["lines"]
    assert (line["title"], line["quantity"]) == ({"fr": "Théière", "en": "Teapot"}, 2)
    assert "registration" not in seen["items"][0]


async def test_an_order_without_parcels_yet_is_an_empty_list_for_its_buyer(world: Any) -> None:
    await world.order_says(world.placed("ord_1"))

    mine = await world.as_buyer().request("GET", "/v1/orders/ord_1/shipments")
    foreign = await world.as_buyer("acc_stranger").request("GET", "/v1/orders/ord_1/shipments")

    assert (mine.json(), foreign.status) == ({"items": []}, 404)


@pytest.mark.parametrize("order_id", ["ord_1", "ord_nobody"])
async def test_somebody_elses_order_is_not_found(world: Any, order_id: str) -> None:
    await _order(world)

    answer = await world.as_buyer("acc_stranger").request("GET", f"/v1/orders/{order_id}/shipments")

    assert (answer.status, answer.json()["code"]) == (404, "not-found")


async def test_operators_see_every_parcel(world: Any) -> None:
    order_id = await _order(world)

    answer = await world.api.acting_as(operator()).request("GET", f"/v1/orders/{order_id}/shipments")

    assert len(answer.json()["items"]) == 2


async def test_sellers_see_and_move_only_their_own(world: Any) -> None:
    await _order(world)
    (row,) = await world.rows("SELECT shipment_id FROM shipments WHERE seller_id = 'sel_b'")
    foreign, seller = row["shipment_id"], world.as_seller("sel_a")

    for method, path in (
        ("GET", "/v1/sellers/sel_b/shipments"),
        ("GET", f"/v1/sellers/sel_b/shipments/{foreign}"),
        ("GET", f"/v1/sellers/sel_a/shipments/{foreign}"),
        ("POST", f"/v1/sellers/sel_b/shipments/{foreign}/ship"),
        ("POST", f"/v1/sellers/sel_a/shipments/{foreign}/ship"),
    ):
        body = {"carrier": "colissimo"} if method == "POST" else None
        assert (await seller.request(method, path, json=body)).status == 404, path
    assert world.carrier.asked == []


@pytest.mark.parametrize("order", ["ord_1", "sor_0_ord_1"])
async def test_a_sellers_list_narrows_to_an_order(world: Any, order: str) -> None:
    await world.order_says(world.confirmed("ord_1"))
    await world.order_says(world.confirmed("ord_2"))

    page = (await world.as_seller().request("GET", f"/v1/sellers/sel_a/shipments?order={order}")).json()

    assert [item["seller_order_id"] for item in page["items"]] == ["sor_0_ord_1"]


async def test_lists_continue_where_they_stopped(world: Any) -> None:
    for n in range(5):
        await world.order_says(world.confirmed(f"ord_{n}"))
    seen, after = [], ""

    for _ in range(3):
        page = (await world.as_seller().request("GET", f"/v1/sellers/sel_a/shipments?limit=2{after}")).json()
        seen += [item["order_id"] for item in page["items"]]
        after = f"&cursor={page['next']}"

    assert seen == [f"ord_{n}" for n in (4, 3, 2, 1, 0)]
    assert page["next"] is None


async def test_guests_see_nothing(world: Any) -> None:
    assert (await world.api.request("GET", "/v1/orders/ord_1/shipments")).status == 401
