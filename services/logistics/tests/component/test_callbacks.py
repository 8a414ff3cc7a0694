"""The carrier's callbacks: refused unless signed, taken once, in whatever order they come."""

from typing import Any

import orjson
import pytest


async def _callbacks(world: Any) -> list[Any]:
    return [row["outcome"] for row in await world.rows("SELECT outcome FROM carrier_callbacks ORDER BY received_at")]


@pytest.mark.parametrize("fault", ["forged", "old", "future", "missing", "other-bytes"])
async def test_forged_or_old_is_refused_and_leaves_nothing(world: Any, fault: str) -> None:
    shipment_id = await world.shipped()
    number = world.carrier.parcels[shipment_id].tracking_number
    body = {"id": "cev_1", "reference": shipment_id, "tracking_number": number, "status": "delivered"}
    raw = orjson.dumps({**body, "occurred_at": "2026-03-02T09:00:00Z"})
    signatures = {
        "forged": world.sign(raw, secret="guessed"),
        "old": world.sign(raw, seconds_ago=301),
        "future": world.sign(raw, seconds_ago=-302),
        "missing": "",
        "other-bytes": world.sign(raw + b" "),
    }

    answer = await world.callback(raw, signature=signatures[fault])

    assert (answer.status, answer.json()["code"]) == (400, "bad-signature")
    assert (await _callbacks(world), await world.sent()) == ([], [])
    assert (await world.read(shipment_id))["status"] == "shipped"


async def test_the_same_callback_again_changes_nothing(world: Any) -> None:
    shipment_id = await world.shipped()

    first = await world.scan(shipment_id, "delivered", id="cev_1")
    again = await world.scan(shipment_id, "delivered", id="cev_1")

    assert (first.json(), again.json()) == ({"outcome": "taken"}, {"outcome": "repeated"})
    assert await world.sent_types() == ["shipment-delivered.v1"]


async def test_late_scans_after_delivery_are_kept_but_change_nothing(world: Any) -> None:
    shipment_id = await world.shipped()
    await world.scan(shipment_id, "delivered")

    for status in ("in_transit", "lost", "delivered"):
        assert (await world.scan(shipment_id, status)).json() == {"outcome": "late"}

    assert await _callbacks(world) == ["taken", "late", "late", "late"]
    assert await world.sent_types() == ["shipment-delivered.v1"]
    assert (await world.read(shipment_id))["status"] == "delivered"


async def test_a_lost_parcel_that_arrives_is_delivered(world: Any) -> None:
    shipment_id = await world.shipped()
    await world.scan(shipment_id, "lost")
    lost = (await world.read(shipment_id))["status"]

    await world.scan(shipment_id, "delivered")

    assert (lost, (await world.read(shipment_id))["status"]) == ("lost", "delivered")
    assert await world.sent_types() == ["parcel-tracked.v1", "shipment-delivered.v1"]


async def test_a_scan_of_another_parcel_is_not_believed(world: Any) -> None:
    shipment_id = await world.shipped()

    answer = await world.scan(shipment_id, "delivered", tracking_number="OTHER")

    assert answer.json() == {"outcome": "other-parcel"}
    assert await world.sent() == []


async def test_a_parcel_that_nobody_shipped_cannot_be_delivered(world: Any) -> None:
    shipment_id = await world.parcel()
    await world.sent()

    answer = await world.scan(shipment_id, "delivered")

    assert answer.json() == {"outcome": "not-shipped"}
    assert (await world.sent(), (await world.read(shipment_id))["status"]) == ([], "preparing")


async def test_an_unknown_reference_is_not_found(world: Any) -> None:
    answer = await world.scan("shp_nobody", "delivered")

    assert answer.status == 404
    assert await _callbacks(world) == []


@pytest.mark.parametrize(
    "change",
    [
        {"status": "teleported"},
        {"occurred_at": "yesterday"},
        {"occurred_at": "2026-03-02T09:00:00"},
        {"id": "a\x00b"},
        {"reference": 7},
    ],
)
async def test_malformed_callbacks_are_refused_and_leave_nothing(world: Any, change: Any) -> None:
    shipment_id = await world.shipped()

    answer = await world.scan(shipment_id, "delivered", **change)

    assert (answer.status, answer.json()["code"]) == (400, "malformed-callback")
    assert f"/{next(iter(change))}" in answer.json()["detail"]
    assert await _callbacks(world) == []


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b"{", b"\xff\xfe", b'{"a":1}' + b" " * 20_000])
async def test_bytes_that_are_no_callback_are_refused(world: Any, raw: bytes) -> None:
    answer = await world.callback(raw)

    assert (answer.status, answer.json()["code"]) == (400, "malformed-callback")


async def test_fields_that_the_carrier_adds_later_are_ignored(world: Any) -> None:
    shipment_id = await world.shipped()

    answer = await world.scan(shipment_id, "in_transit", depot="Lyon")

    assert answer.json() == {"outcome": "taken"}
