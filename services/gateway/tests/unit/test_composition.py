from typing import Any

import pytest
from aiohttp import web

PRODUCT = {"product_id": "p1", "variants": [{"offers": [{"seller_id": "s1"}, {"seller_id": "s2"}]}]}
SHOPS = {
    "items": [{"seller_id": "s1", "handle": "a", "name": "A", "x": 1}, {"seller_id": "s2", "handle": "b", "name": "B"}]
}
SESSION = {"Cookie": "__Host-halles-session=good-session"}


def all_there(neighbours: Any) -> None:
    neighbours.on("GET /v1/products/p1", PRODUCT)
    neighbours.on("GET /v1/products/p1/reviews", {"items": [], "rating": {"count": 0}})
    neighbours.on("GET /v1/sellers", SHOPS)


async def test_whole_product(start: Any, neighbours: Any) -> None:
    all_there(neighbours)
    client = await start()

    view = (await client.ask("GET", "/v1/products/p1")).json()
    await client.ask("GET", "/v1/products/p1")

    assert view["partial"] == []
    assert view["reviews"]["rating"] == {"count": 0}
    assert view["sellers"]["s1"] == {"seller_id": "s1", "handle": "a", "name": "A"}
    assert len(neighbours.calls("GET /v1/sellers")) == 1, "names are remembered"


async def test_optional_part_that_hangs_is_said_to_be_missing(start: Any, neighbours: Any) -> None:
    all_there(neighbours)
    neighbours.hang("GET /v1/products/p1/reviews")
    client = await start(read_budget_ms=300)

    answer = await client.ask("GET", "/v1/products/p1")

    assert answer.status == 200
    assert answer.json()["reviews"] is None
    assert {"part": "reviews", "reason": "timeout"} in answer.json()["partial"]
    assert answer.headers["cache-control"] == "private, no-store"


async def test_optional_part_that_talks_nonsense_or_fails(start: Any, neighbours: Any) -> None:
    all_there(neighbours)
    client = await start()

    neighbours.on("GET /v1/products/p1/reviews", b"<html>")
    garbage = (await client.ask("GET", "/v1/products/p1")).json()
    neighbours.on("GET /v1/products/p1/reviews", {"secret": "stack trace"}, status=500)
    failed = await client.ask("GET", "/v1/products/p1")

    assert garbage["partial"] == [{"part": "reviews", "reason": "garbage"}]
    assert failed.json()["partial"] == [{"part": "reviews", "reason": "failed"}]
    assert b"stack trace" not in failed.body


async def test_optional_part_without_anything_is_not_partial(start: Any, neighbours: Any) -> None:
    neighbours.on("GET /v1/orders/o1", {"order_id": "o1", "seller_orders": []})
    neighbours.on("GET /v1/orders/o1/shipments", {"items": []})
    client = await start()

    view = (await client.ask("GET", "/v1/orders/o1", headers=SESSION)).json()

    assert view["payment"] is None
    assert view["shipments"] == []
    assert view["partial"] == []


async def test_required_part_away_is_503_with_a_time_to_come_back(start: Any, neighbours: Any) -> None:
    neighbours.hang("GET /v1/products/p1")
    client = await start(read_budget_ms=200)

    answer = await client.ask("GET", "/v1/products/p1")

    assert (answer.status, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["retry-after"] == "2"
    assert neighbours.url not in answer.body.decode()


async def test_required_part_garbage_is_503(start: Any, neighbours: Any) -> None:
    neighbours.on("GET /v1/products/p1", b"[1, 2]")
    client = await start()

    assert (await client.ask("GET", "/v1/products/p1")).status == 503


async def test_upstreams_refusal_is_passed_on_as_it_is(start: Any, neighbours: Any) -> None:
    problem = {"code": "not-found", "detail": "No such product."}
    neighbours.on("GET /v1/products/p1", problem, status=404, headers={"Content-Type": "application/problem+json"})
    client = await start()

    answer = await client.ask("GET", "/v1/products/p1")

    assert (answer.status, answer.json()) == (404, problem)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_upstream_that_is_not_there(start: Any) -> None:
    client = await start(analytics_url="http://127.0.0.1:1")

    answer = await client.ask("GET", "/v1/operator/sales", headers=SESSION)

    assert answer.status == 503
    assert "127.0.0.1" not in answer.body.decode()


@pytest.mark.parametrize("end", ["close", "abort"])
@pytest.mark.parametrize(("method", "again"), [("GET", True), ("POST", False)])
async def test_a_connection_that_breaks_in_use_is_503_and_a_write_is_never_sent_twice(
    start: Any, neighbours: Any, end: str, method: str, again: bool
) -> None:
    async def breaks(request: web.Request) -> web.StreamResponse:
        getattr(request.transport, end)()
        raise ConnectionResetError

    path = {"GET": "/v1/me", "POST": "/v1/notifications/read"}[method]
    neighbours.answers[f"{method} {path}"] = breaks
    client = await start()

    answer = await client.ask(method, path, headers=SESSION, json={"up_to": "ntf_1"} if method == "POST" else None)

    assert (answer.status, answer.json()["code"]) == (503, "unavailable")
    assert (len(neighbours.calls(f"{method} {path}")) > 1) == again


async def test_guest_cart_is_kept_in_a_cookie_and_sent_as_a_header(start: Any, neighbours: Any) -> None:
    cart = {"cart_id": "c", "sellers": [{"seller_id": "s1"}], "cart_token": "tok"}
    neighbours.on("PUT /v1/cart/lines/o1", cart)
    neighbours.on("GET /v1/cart", {"cart_id": "c", "sellers": []})
    neighbours.on("GET /v1/sellers", SHOPS)
    client = await start()

    made = await client.ask("PUT", "/v1/cart/lines/o1", json={"quantity": 1})
    await client.ask("GET", "/v1/cart", headers={"Cookie": "__Host-halles-cart=tok"})
    app = await client.ask("PUT", "/v1/cart/lines/o1", json={"quantity": 1}, headers={"Halles-Cart": "tok"})

    assert made.cookies[0].startswith("__Host-halles-cart=tok; ")
    assert made.json()["names"]["s1"]["name"] == "A"
    assert neighbours.calls("GET /v1/cart")[0].headers["Halles-Cart"] == "tok"
    assert app.cookies == []


async def test_signed_in_cart_ends_the_guests_cookie(start: Any, neighbours: Any) -> None:
    neighbours.on("GET /v1/cart", {"cart_id": "c", "sellers": []})
    client = await start()

    both = {"Cookie": "__Host-halles-session=good-session; __Host-halles-cart=tok"}
    answer = await client.ask("GET", "/v1/cart", headers=both)

    [asked] = neighbours.calls("GET /v1/cart")
    assert (asked.headers["Halles-Cart"], asked.headers["Authorization"]) == ("tok", "Bearer acc_buyer@order")
    assert answer.cookies[0].startswith('__Host-halles-cart=""; ')


async def test_trace_says_who_consumed_what(start: Any, neighbours: Any) -> None:
    neighbours.credentials["good-session"]["roles"] = ["admin"]
    neighbours.on("GET /v1/operator/traces/req_1", {"events": [{"event_id": "e1"}, {"event_id": "e2"}]})
    entry = {"event_id": "e1", "consumer": "payment", "processed_at": "2026-01-01T00:00:00Z"}
    neighbours.on("POST /internal/consumed", [entry])
    client = await start()

    view = (await client.ask("GET", "/v1/operator/traces/req_1", headers=SESSION)).json()

    assert len(view["events"][0]["consumed"]) == 8
    assert view["events"][1]["consumed"] == []
    assert view["partial"] == []


async def test_pipeline_says_what_waits_in_each_service(start: Any, neighbours: Any) -> None:
    neighbours.credentials["good-session"]["roles"] = ["admin"]
    consumers = [{"group": "order", "lag": 2, "dead_letters": 0}]
    waiting = {"outbox": 1, "outbox_since": None, "parked": 0, "parked_since": None}
    neighbours.on("GET /v1/operator/pipeline", {"consumers": consumers})
    neighbours.on("GET /internal/backlog", waiting)
    client = await start()

    view = (await client.ask("GET", "/v1/operator/pipeline", headers=SESSION)).json()
    neighbours.on("GET /internal/backlog", {"secret": "stack trace"}, status=500)
    failed = (await client.ask("GET", "/v1/operator/pipeline", headers=SESSION)).json()

    assert (view["consumers"], view["services"]["order"], len(view["services"])) == (consumers, waiting, 8)
    assert set(failed["services"].values()) == {None}
    assert {"part": "order", "reason": "failed"} in failed["partial"]


async def test_health_names_each_service(start: Any, neighbours: Any) -> None:
    neighbours.on("GET /readyz", {"ready": True})
    client = await start(review_url="http://127.0.0.1:1")

    answer = await client.ask("GET", "/v1/health")

    assert answer.status == 503
    assert answer.json()["services"]["review"] == "away"
    assert answer.json()["services"]["order"] == "ready"
