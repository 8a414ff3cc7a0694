import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from contracts.ids import new_id
from contracts.logistics import ShipmentCreated
from contracts.order import OrderCancelled, OrderPaymentActionRequired
from testkit import eventually

pytestmark = pytest.mark.infra
SESSION = {"Cookie": "__Host-halles-session=good-session"}
KEYED = {**SESSION, "Idempotency-Key": "one-order-0001"}


def show(neighbours: Any, order_id: str, status: str) -> None:
    order = {"order_id": order_id, "number": "H-1", "state": status, "status": status, "seller_orders": []}
    neighbours.on(f"GET /v1/orders/{order_id}", order)
    neighbours.on(f"GET /v1/orders/{order_id}/shipments", {"items": []})
    neighbours.on(f"GET /v1/payments/{order_id}", {"order_id": order_id, "next_action": {"redirect_url": "http://3ds"}})


async def listening(client: Any) -> None:
    async def connected() -> bool:
        async with client.http.get(client.url + "/metrics") as answer:
            return "halles_gateway_tail_connected 1.0" in await answer.text()

    await eventually(connected, timeout=20)


class Stream:
    """Reads Server-Sent Events."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    async def order(self) -> tuple[str, dict[str, Any]]:
        """The next whole order, past hints and heartbeats."""
        async with asyncio.timeout(15):
            fields: dict[str, str] = {}
            while True:
                line = (await self.answer.content.readline()).decode()
                assert line, "the stream ended"
                if line == "\n" and "data" in fields:
                    return fields["id"], orjson.loads(fields["data"])
                name, _, value = line.rstrip("\n").partition(": ")
                fields[name] = value


@contextlib.asynccontextmanager
async def stream(client: Any, order_id: str, **headers: str) -> AsyncIterator[Stream]:
    url = f"{client.url}/v1/orders/{order_id}/events"
    async with client.http.get(url, headers={**SESSION, **headers}) as answer:
        assert answer.status == 200, await answer.text()
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        yield Stream(answer)


async def test_stream_begins_with_the_state_and_follows_changes(
    start: Any, neighbours: Any, brokers: str, publisher: Any
) -> None:
    order_id = new_id("ord")
    show(neighbours, order_id, "pending")
    client = await start(kafka_brokers=brokers)
    await listening(client)

    async with stream(client, order_id) as events:
        _, first = await events.order()
        show(neighbours, order_id, "action-required")
        await publisher.publish(OrderPaymentActionRequired(order_id=order_id, buyer_id="acc_buyer"), subject=order_id)
        _, second = await events.order()
        show(neighbours, order_id, "confirmed")
        await publisher.publish(
            ShipmentCreated(
                shipment_id="shp_1", order_id=order_id, seller_order_id="s", seller_id="s", buyer_id="acc_buyer"
            ),
            subject="shp_1",
        )
        _, third = await events.order()

    assert (first["status"], second["status"], third["status"]) == ("pending", "action-required", "confirmed")
    assert second["payment"]["next_action"] == {"redirect_url": "http://3ds"}


async def test_a_client_that_comes_back_gets_only_what_changed(
    start: Any, neighbours: Any, brokers: str, publisher: Any
) -> None:
    order_id = new_id("ord")
    show(neighbours, order_id, "pending")
    client = await start(kafka_brokers=brokers)
    await listening(client)
    async with stream(client, order_id) as events:
        mark, _ = await events.order()

    async with stream(client, order_id, **{"Last-Event-ID": mark}) as events:
        show(neighbours, order_id, "cancelled")
        event = OrderCancelled(order_id=order_id, buyer_id="acc_buyer", reason="stock-rejected")
        await publisher.publish(event, subject=order_id)
        _, first = await events.order()

    assert first["status"] == "cancelled"


async def test_streams_of_foreign_orders_and_of_foreign_pages_are_refused(start: Any, neighbours: Any) -> None:
    show(neighbours, "ord_mine", "pending")
    client = await start()

    foreign_order = await client.ask("GET", "/v1/orders/ord_other/events", headers=SESSION)
    foreign_page = await client.ask(
        "GET", "/v1/orders/ord_mine/events", headers={**SESSION, "Origin": "https://evil.example"}
    )

    assert foreign_order.status == 404
    assert (foreign_page.status, foreign_page.json()["code"]) == (403, "cross-origin")


async def test_five_streams_each(start: Any, neighbours: Any) -> None:
    show(neighbours, "ord_mine", "pending")
    client = await start(streams_per_principal=2)

    async with stream(client, "ord_mine") as one, stream(client, "ord_mine") as two:
        await one.order()
        await two.order()
        third = await client.ask("GET", "/v1/orders/ord_mine/events", headers=SESSION)

    assert (third.status, third.json()["code"]) == (429, "too-many-streams")

    async def free_again() -> bool:
        async with stream(client, "ord_mine") as later:
            await later.order()
        return True

    await eventually(free_again)


async def test_stream_ends_when_the_session_does(start: Any, neighbours: Any, brokers: str, publisher: Any) -> None:
    order_id = new_id("ord")
    show(neighbours, order_id, "pending")
    client = await start(kafka_brokers=brokers)
    await listening(client)

    async with stream(client, order_id) as events:
        await events.order()
        neighbours.on("DELETE /v1/sessions/current", b"", status=204)
        await client.ask("DELETE", "/v1/sessions/current", headers=SESSION)
        del neighbours.credentials["good-session"]
        await publisher.publish(
            OrderCancelled(order_id=order_id, buyer_id="acc_buyer", reason="buyer-cancelled"), subject=order_id
        )
        rest = await asyncio.wait_for(events.answer.content.read(), 10)

    assert b"data:" not in rest


async def test_waiting_checkout_answers_with_the_decision(
    start: Any, neighbours: Any, brokers: str, publisher: Any
) -> None:
    order_id = new_id("ord")
    show(neighbours, order_id, "pending")
    accepted = {"order_id": order_id, "number": "H-1", "state": "placed", "status_url": f"/v1/orders/{order_id}"}
    neighbours.on("POST /v1/checkouts", accepted, status=202)
    client = await start(kafka_brokers=brokers)
    await listening(client)

    asking = asyncio.create_task(
        client.ask("POST", "/v1/checkouts", json={}, headers={**KEYED, "Prefer": "respond-async, wait=15"})
    )
    await eventually(lambda: neighbours.calls(f"GET /v1/orders/{order_id}"))
    show(neighbours, order_id, "action-required")
    await publisher.publish(OrderPaymentActionRequired(order_id=order_id, buyer_id="acc_buyer"), subject=order_id)
    answer = await asking

    assert (answer.status, answer.headers["preference-applied"]) == (200, "wait=15")
    assert answer.json()["status"] == "action-required"
    assert answer.json()["status_url"] == f"/v1/orders/{order_id}"
    assert answer.json()["payment"]["next_action"]["redirect_url"] == "http://3ds"


async def test_waiting_ends_with_the_accepted_answer(start: Any, neighbours: Any, brokers: str) -> None:
    order_id = new_id("ord")
    show(neighbours, order_id, "pending")
    accepted = {"order_id": order_id, "status_url": f"/v1/orders/{order_id}"}
    neighbours.on("POST /v1/checkouts", accepted, status=202)
    client = await start(kafka_brokers=brokers)
    await listening(client)

    waited = await client.ask("POST", "/v1/checkouts", json={}, headers={**KEYED, "Prefer": "wait=1"})
    at_once = await client.ask("POST", "/v1/checkouts", json={}, headers=KEYED)

    assert (waited.status, waited.json()) == (202, accepted)
    assert waited.headers["preference-applied"] == "wait=1"
    assert at_once.status == 202
    assert "preference-applied" not in at_once.headers


async def test_without_events_a_checkout_does_not_wait(start: Any, neighbours: Any) -> None:
    neighbours.on("POST /v1/checkouts", {"order_id": "ord_1", "status_url": "/v1/orders/ord_1"}, status=202)
    client = await start()

    answer = await client.ask("POST", "/v1/checkouts", json={}, headers={**KEYED, "Prefer": "wait=20"})

    assert answer.status == 202
    assert "preference-applied" not in answer.headers


async def test_silence_is_not_taken_for_a_lost_broker(start: Any, brokers: str) -> None:
    client = await start(kafka_brokers=brokers)
    await listening(client)
    begun, states = asyncio.get_running_loop().time(), []

    async def quiet_for_long() -> bool:
        async with client.http.get(client.url + "/metrics") as answer:
            states.append("halles_gateway_tail_connected 1.0" in await answer.text())
        return asyncio.get_running_loop().time() - begun > 8

    await eventually(quiet_for_long, timeout=20)

    assert all(states)


async def test_a_stop_ends_streams_with_a_hint_when_to_come_back(start: Any, neighbours: Any) -> None:
    show(neighbours, "ord_mine", "pending")
    client = await start()

    async with stream(client, "ord_mine") as events:
        await events.order()
        client.service.health.draining = True
        rest = await asyncio.wait_for(events.answer.content.read(), 10)

    assert rest.endswith(b"retry: 3000\n\n")


async def test_head_of_a_stream_is_only_a_head(start: Any, neighbours: Any) -> None:
    show(neighbours, "ord_mine", "pending")
    client = await start()

    answer = await asyncio.wait_for(client.ask("HEAD", "/v1/orders/ord_mine/events", headers=SESSION), 5)

    assert (answer.status, answer.body) == (200, b"")


async def test_streams_leave_the_places_of_requests_free(start: Any, neighbours: Any) -> None:
    show(neighbours, "ord_mine", "pending")
    client = await start(concurrency=1)

    async with stream(client, "ord_mine") as events:
        await events.order()
        answer = await client.ask("GET", "/v1/orders/ord_mine", headers=SESSION)

    assert answer.status == 200


async def test_without_events_a_stream_looks_by_itself(start: Any, neighbours: Any) -> None:
    show(neighbours, "ord_mine", "pending")
    client = await start(kafka_brokers="127.0.0.1:1")

    async with stream(client, "ord_mine") as events:
        await events.order()
        show(neighbours, "ord_mine", "confirmed")
        _, second = await events.order()

    assert second["status"] == "confirmed"
