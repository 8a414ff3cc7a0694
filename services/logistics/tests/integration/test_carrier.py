"""One contract, two carriers: the stand-in over HTTP and the fake that the other tests use."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from contracts.ids import new_id
from logistics.adapters.http_carrier import HttpCarrier
from logistics.ports import Carrier, CarrierAway, CarrierRefused, Parcel
from standins.testing.process import RunningStandin


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def standin(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningStandin]:
    folder: Path = tmp_path_factory.mktemp("carrier")
    running = await RunningStandin("carrier", folder, {}).start()
    yield running
    await running.stop()


@pytest_asyncio.fixture(params=["standin", "fake"], loop_scope="session")
async def any_carrier(request: pytest.FixtureRequest, standin: RunningStandin, carrier: Any) -> AsyncIterator[Carrier]:
    taking: Any = HttpCarrier(standin.url) if request.param == "standin" else carrier
    await taking.open()
    yield taking
    await taking.close()


def _parcel(number: str | None = None, reference: str = "") -> Parcel:
    return Parcel(reference=reference or new_id("shp"), carrier="colissimo", tracking_number=number)


async def test_the_same_reference_is_the_same_parcel(any_carrier: Carrier) -> None:
    parcel = _parcel()

    first, again = await any_carrier.register(parcel), await any_carrier.register(parcel)

    assert first == again
    assert first.tracking_number
    assert (first.tracking_url or "").endswith(first.tracking_number)


async def test_a_given_number_is_kept(any_carrier: Carrier) -> None:
    number = new_id("N").upper()[-20:]

    assert (await any_carrier.register(_parcel(number))).tracking_number == number


async def test_a_number_belongs_to_one_parcel(any_carrier: Carrier) -> None:
    number = new_id("N").upper()[-20:]
    await any_carrier.register(_parcel(number))

    with pytest.raises(CarrierRefused, match="tracking number"):
        await any_carrier.register(_parcel(number))


async def _answering(status: int, body: bytes) -> tuple[TestServer, HttpCarrier]:
    async def register(_: web.Request) -> web.Response:
        return web.Response(status=status, body=body, content_type="application/json")

    app = web.Application()
    app.router.add_post("/api/shipments", register)
    server = TestServer(app)
    await server.start_server()
    return server, HttpCarrier(str(server.make_url("/")))


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"),
        (503, b""),
        (429, b"{}"),
        (408, b"{}"),
        (302, b"{}"),
        (200, b"not json"),
        (201, b"[]"),
        (201, b'{"tracking_number": "T1"}'),
        (201, b'{"tracking_number": "T1", "reference": "shp_other"}'),
        (201, b'{"tracking_number": 5, "reference": "shp_1"}'),
    ],
)
async def test_answers_that_say_nothing_definite_are_open(status: int, body: bytes) -> None:
    server, taking = await _answering(status, body)
    await taking.open()

    with pytest.raises(CarrierAway):
        await taking.register(_parcel(reference="shp_1"))

    await taking.close()
    await server.close()


async def test_a_definite_no_is_told_in_the_carriers_words() -> None:
    server, taking = await _answering(422, b'{"error": "too heavy"}')
    await taking.open()

    with pytest.raises(CarrierRefused, match="too heavy"):
        await taking.register(_parcel())

    await taking.close()
    await server.close()


async def test_nobody_there_is_away() -> None:
    taking = HttpCarrier("http://127.0.0.1:9", seconds=1.0)
    await taking.open()

    with pytest.raises(CarrierAway):
        await taking.register(_parcel())

    await taking.close()


async def test_using_it_unopened_is_a_mistake() -> None:
    with pytest.raises(RuntimeError):
        await HttpCarrier("http://127.0.0.1:9").register(_parcel())
