"""The carrier stand-in: registration, signed callbacks, retries, restart, pages."""

import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from standins.testing.process import RunningStandin
from standins.testing.receiver import Received, Receiver
from testkit import eventually

SECRET = "carrier-secret"
STEPS = ["picked_up", "in_transit", "out_for_delivery", "delivered"]


def settings(receiver: Receiver) -> dict[str, str]:
    return {
        "STANDIN_CARRIER_CALLBACK_URL": receiver.url,
        "STANDIN_CARRIER_SECRET": SECRET,
        "STANDIN_CARRIER_RETRY_SECONDS": "0.1",
    }


@pytest.fixture(scope="module")
async def carrier(tmp_path_factory: pytest.TempPathFactory, receiver: Receiver) -> AsyncIterator[RunningStandin]:
    standin = await RunningStandin("carrier", tmp_path_factory.mktemp("carrier"), settings(receiver)).start()
    yield standin
    assert await standin.stop() == 0, standin.log()


@pytest.fixture
async def shop(carrier: RunningStandin, receiver: Receiver) -> AsyncIterator[aiohttp.ClientSession]:
    receiver.received.clear()
    receiver.answers.clear()
    async with aiohttp.ClientSession(carrier.url) as session:
        yield session


async def post(shop: aiohttp.ClientSession, path: str, body: object) -> tuple[int, dict[str, Any]]:
    async with shop.post(path, json=body) as answer:
        return answer.status, await answer.json()


async def registered(shop: aiohttp.ClientSession, reference: str) -> str:
    status, parcel = await post(shop, "/api/shipments", {"reference": reference, "carrier": "colissimo"})
    assert status == 201
    return str(parcel["tracking_number"])


def is_signed(received: Received) -> bool:
    parts = dict(part.split("=", 1) for part in received.headers["Carrier-Signature"].split(","))
    expected = hmac.new(SECRET.encode(), parts["t"].encode() + b"." + received.raw, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, parts["v1"]) and abs(time.time() - int(parts["t"])) < 60


async def test_registering_twice_is_one_parcel(shop: aiohttp.ClientSession) -> None:
    body = {"reference": "shp_twice", "carrier": "colissimo"}

    first, again = await post(shop, "/api/shipments", body), await post(shop, "/api/shipments", body)

    assert first == again
    status, parcel = first
    assert (status, parcel["status"], parcel["events"]) == (201, "registered", [])
    assert parcel["tracking_url"].endswith(f"/track/{parcel['tracking_number']}")


async def test_a_number_of_ones_own_is_kept_and_not_shared(shop: aiohttp.ClientSession) -> None:
    body = {"reference": "shp_own", "carrier": "dhl", "tracking_number": "DHL-1"}
    other = body | {"reference": "shp_other"}

    assert (await post(shop, "/api/shipments", body))[1]["tracking_number"] == "DHL-1"
    assert (await post(shop, "/api/shipments", other))[0] == 409


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"reference": "", "carrier": "x"},
        {"reference": 1, "carrier": "x"},
        {"reference": "r", "carrier": "x", "tracking_number": 5},
        {"reference": "r", "carrier": "x", "colour": "blue"},
        {"reference": "r" * 101, "carrier": "x"},
        [],
    ],
)
async def test_registrations_that_mean_nothing_are_refused(shop: aiohttp.ClientSession, body: object) -> None:
    assert (await post(shop, "/api/shipments", body))[0] == 422


async def test_a_journey_is_reported_step_by_step_and_signed(shop: aiohttp.ClientSession, receiver: Receiver) -> None:
    number = await registered(shop, "shp_journey")
    for step in STEPS:
        status, _ = await post(shop, f"/api/parcels/{number}/events", {"status": step})
        assert status == 201

    await eventually(lambda: len(receiver.received) == 4)

    assert all(is_signed(received) for received in receiver.received)
    assert sorted(received.body["status"] for received in receiver.received) == sorted(STEPS)
    event = receiver.received[0].body
    assert set(event) == {"id", "reference", "tracking_number", "status", "occurred_at"}
    assert (event["reference"], event["tracking_number"]) == ("shp_journey", number)
    async with shop.get(f"/api/parcels/{number}") as answer:
        parcel = await answer.json()
    assert (parcel["status"], [event["status"] for event in parcel["events"]]) == ("delivered", STEPS)


async def test_the_same_event_twice_is_one_event(shop: aiohttp.ClientSession, receiver: Receiver) -> None:
    number = await registered(shop, "shp_same")

    answers = [await post(shop, f"/api/parcels/{number}/events", {"status": "delivered"}) for _ in range(2)]

    assert answers[0] == answers[1]
    await eventually(lambda: len(receiver.received) == 1)
    async with shop.get("/api/deliveries") as answer:
        deliveries = (await answer.json())["deliveries"]
    assert [delivery["subject_id"] for delivery in deliveries].count(answers[0][1]["id"]) == 1


async def test_moves_that_cannot_be_are_refused(shop: aiohttp.ClientSession) -> None:
    number = await registered(shop, "shp_back")
    await post(shop, f"/api/parcels/{number}/events", {"status": "delivered"})

    assert (await post(shop, f"/api/parcels/{number}/events", {"status": "in_transit"}))[0] == 409
    assert (await post(shop, f"/api/parcels/{number}/events", {"status": "lost"}))[0] == 409
    assert (await post(shop, f"/api/parcels/{number}/events", {"status": "eaten"}))[0] == 422
    assert (await post(shop, "/api/parcels/none/events", {"status": "lost"}))[0] == 404


async def test_callbacks_are_repeated_and_survive_a_kill(
    carrier: RunningStandin, shop: aiohttp.ClientSession, receiver: Receiver
) -> None:
    receiver.answers[:] = [500, 503]
    number = await registered(shop, "shp_retry")
    await post(shop, f"/api/parcels/{number}/events", {"status": "picked_up"})
    await eventually(lambda: len(receiver.received) >= 1)

    await carrier.kill()
    await carrier.start()

    await eventually(lambda: len(receiver.received) >= 3 and not receiver.answers)
    assert len({received.body["id"] for received in receiver.received}) == 1
    assert all(is_signed(received) for received in receiver.received)


async def test_pages_move_parcels_and_say_what_they_are(shop: aiohttp.ClientSession, receiver: Receiver) -> None:
    number = await registered(shop, "shp_page")

    async with shop.post(f"/parcels/{number}/move", data={"status": "delivered"}) as answer:
        page = await answer.text()
    async with shop.post(f"/parcels/{number}/move", data={"status": "picked_up"}) as refused:
        assert refused.status == 409
    async with shop.get("/?lang=en") as answer:
        overview = await answer.text()

    assert "Livré" in page
    assert "aucun colis réel" in page
    assert "no real parcels" in overview
    assert number in overview
    await eventually(lambda: [received.body["status"] for received in receiver.received] == ["delivered"])


async def test_parcels_move_by_themselves_when_asked(tmp_path: Path) -> None:
    async with Receiver() as listening:
        chosen = settings(listening) | {"STANDIN_CARRIER_AUTO_ADVANCE_SECONDS": "0.1"}
        standin = await RunningStandin("carrier", tmp_path, chosen).start()
        async with aiohttp.ClientSession(standin.url) as session:
            await registered(session, "shp_auto")
            await eventually(lambda: len(listening.received) == 4)
        assert await standin.stop() == 0

    assert sorted(received.body["status"] for received in listening.received) == sorted(STEPS)
