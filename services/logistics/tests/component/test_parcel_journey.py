"""A parcel from the confirmed order to the door."""

from typing import Any

import pytest

from testkit import deliver


async def test_one_parcel_per_seller_order(world: Any) -> None:
    await world.order_says(world.placed("ord_1"), world.confirmed("ord_1"))

    parcels = await world.rows("SELECT seller_order_id, seller_id, status FROM shipments ORDER BY seller_id")

    assert parcels == [
        {"seller_order_id": "sor_0_ord_1", "seller_id": "sel_a", "status": "preparing"},
        {"seller_order_id": "sor_1_ord_1", "seller_id": "sel_b", "status": "preparing"},
    ]
    told = await world.sent()
    assert [(t.data.type, t.sequence, t.subject == t.data.shipment_id) for t in told] == [
        ("logistics.shipment-created.v1", 1, True)
    ] * 2


async def test_a_confirmation_told_again_under_another_id_makes_no_second_parcel(world: Any) -> None:
    await world.order_says(world.confirmed("ord_1"))
    await world.order_says(world.confirmed("ord_1"))

    assert len(await world.rows("SELECT * FROM shipments")) == 2
    assert await world.sent_types() == ["shipment-created.v1"] * 2


async def test_events_out_of_order_and_cancellations_change_nothing(world: Any) -> None:
    await world.order_says(world.cancelled("ord_2"), world.confirmed("ord_1"), world.placed("ord_1"), one_by_one=True)

    assert {row["order_id"] for row in await world.rows("SELECT order_id FROM shipments")} == {"ord_1"}


async def test_a_parcel_is_shipped_and_delivered(world: Any) -> None:
    shipment_id = await world.parcel()
    await world.sent()

    shipped = await world.ship(shipment_id, tracking_number="8R-12345")
    for status in ("picked_up", "in_transit", "out_for_delivery", "delivered"):
        assert (await world.scan(shipment_id, status)).json() == {"outcome": "taken"}

    told = await world.sent()
    assert [(t.data.type.removeprefix("logistics."), t.sequence) for t in told] == [
        ("shipment-shipped.v1", 2),
        ("parcel-tracked.v1", 3),
        ("parcel-tracked.v1", 4),
        ("parcel-tracked.v1", 5),
        ("shipment-delivered.v1", 6),
    ]
    assert [(line.offer_id, line.quantity) for line in told[-1].data.lines] == [("off_0", 2)]
    assert (shipped.status, shipped.json()["status"], shipped.json()["tracking_number"]) == (200, "shipped", "8R-12345")
    seen = await world.read(shipment_id)
    assert (seen["status"], seen["delivered_at"]) == ("delivered", "2026-03-02T09:00:00Z")
    assert [step["status"] for step in seen["timeline"]] == [
        "preparing",
        "shipped",
        "picked_up",
        "in_transit",
        "out_for_delivery",
        "delivered",
    ]


async def test_the_carrier_gives_a_number_when_the_seller_has_none(world: Any) -> None:
    shipment_id = await world.parcel()

    answer = (await world.ship(shipment_id)).json()

    assert answer["tracking_number"] == world.carrier.parcels[shipment_id].tracking_number
    assert answer["registration"] == {"state": "done", "error": None}


async def test_shipping_again_the_same_way_changes_nothing(world: Any) -> None:
    shipment_id = await world.parcel()
    first = await world.ship(shipment_id)
    await world.sent()

    again = await world.ship(shipment_id)

    assert (again.status, again.json()) == (200, first.json())
    assert (await world.sent(), len(world.carrier.asked)) == ([], 1)


async def test_shipping_again_another_way_is_refused(world: Any) -> None:
    shipment_id = await world.shipped()

    answer = await world.ship(shipment_id, carrier="chronopost")

    assert (answer.status, answer.json()["code"]) == (409, "already-shipped")


async def test_a_number_that_the_carrier_refuses_may_be_replaced(world: Any) -> None:
    one, other = await world.parcel(), await world.parcel()
    await world.ship(one, tracking_number="TAKEN-1")

    refused = await world.ship(other, tracking_number="TAKEN-1")
    seen = await world.read(other)
    accepted = await world.ship(other, tracking_number="FREE-1")

    assert (refused.status, refused.json()["code"]) == (422, "carrier-refused")
    assert (seen["status"], seen["registration"]["state"]) == ("preparing", "refused")
    assert (accepted.status, accepted.json()["tracking_number"]) == (200, "FREE-1")


@pytest.mark.parametrize("way", ["is_away", "is_deaf"])
async def test_a_carrier_without_an_answer_is_asked_until_it_has_one(world: Any, way: str) -> None:
    shipment_id = await world.parcel()
    await world.sent()
    setattr(world.carrier, way, True)

    answer = await world.ship(shipment_id)
    await world.ask_again()
    waiting = await world.read(shipment_id)
    setattr(world.carrier, way, False)
    await world.ask_again()
    await world.ask_again()

    assert (answer.status, waiting["status"], waiting["registration"]["state"]) == (202, "preparing", "pending")
    assert (await world.read(shipment_id))["status"] == "shipped"
    assert await world.sent_types() == ["shipment-shipped.v1"]
    assert {parcel.reference for parcel in world.carrier.asked} == {shipment_id}
    assert (len(world.carrier.parcels), len(world.carrier.asked)) == (1, 3)


async def test_another_wish_while_the_carrier_is_asked_is_refused(world: Any) -> None:
    shipment_id = await world.parcel()
    world.carrier.is_away = True
    await world.ship(shipment_id)

    answer = await world.ship(shipment_id, carrier="chronopost")

    assert (answer.status, answer.json()["code"]) == (409, "registration-pending")


async def test_a_scan_that_overtakes_the_registrations_answer_is_that_answer(world: Any) -> None:
    shipment_id = await world.parcel()
    await world.sent()
    world.carrier.is_deaf = True
    await world.ship(shipment_id)

    await world.scan(shipment_id, "picked_up")
    world.carrier.is_deaf = False
    await world.ask_again()

    assert await world.sent_types() == ["shipment-shipped.v1", "parcel-tracked.v1"]
    assert (await world.read(shipment_id))["status"] == "in_transit"


async def test_what_is_shipped_later_belongs_to_the_request_that_asked(world: Any) -> None:
    shipment_id = await world.parcel()
    await world.sent()
    world.carrier.is_away = True
    headers, body = {"halles-request-id": "req_of_the_seller"}, {"carrier": "colissimo"}
    path = f"/v1/sellers/sel_a/shipments/{shipment_id}/ship"
    await world.as_seller().request("POST", path, json=body, headers=headers)

    world.carrier.is_away = False
    await world.ask_again()

    assert [told.correlation_id for told in await world.sent()] == ["req_of_the_seller"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/carrier"),
        ({"carrier": "La Poste"}, "/carrier"),
        ({"carrier": "x", "tracking_number": "a\x00bc"}, "/tracking_number"),
        ({"carrier": "x", "speed": 1}, "/speed"),
    ],
)
async def test_malformed_wishes_point_at_the_field(world: Any, body: Any, pointer: str) -> None:
    shipment_id = await world.parcel()

    answer = await world.as_seller().request("POST", f"/v1/sellers/sel_a/shipments/{shipment_id}/ship", json=body)

    assert (answer.status, [error["pointer"] for error in answer.json()["errors"]]) == (422, [pointer])


async def test_batches_of_many_orders_make_all_their_parcels(world: Any) -> None:
    told = [(world.confirmed(f"ord_{n}"), f"ord_{n}", 2) for n in range(30)]

    await deliver(world.db, world.service.subscriptions[0], told)

    assert await world.rows("SELECT count(*) AS n FROM shipment_lines") == [{"n": 60}]
    assert await world.sent_types() == ["shipment-created.v1"] * 60
