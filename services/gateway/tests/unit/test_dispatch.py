import io
from typing import Any

from yarl import URL

PRODUCT = {"product_id": "p1", "variants": [{"offers": [{"seller_id": "s1"}]}]}
SESSION = {"Cookie": "__Host-halles-session=good-session"}


async def test_plain_route_is_the_upstreams_answer_with_our_headers(start: Any, neighbours: Any) -> None:
    neighbours.on("GET /v1/categories", {"items": []})
    client = await start()

    answer = await client.ask("GET", "/v1/categories")

    assert (answer.status, answer.json()) == (200, {"items": []})
    assert answer.headers["halles-request-id"].startswith("req_")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "max-age=31536000" in answer.headers["strict-transport-security"]
    [asked] = neighbours.calls("GET /v1/categories")
    assert asked.headers["Authorization"] == "Bearer anonymous@catalog"
    assert asked.headers["Halles-Request-Id"] == answer.headers["halles-request-id"]
    assert int(asked.headers["X-Request-Deadline"]) > 0


async def test_unknown_paths_and_methods_are_problems(start: Any) -> None:
    client = await start()

    unknown = await client.ask("GET", "/v1/nothing")
    internal = await client.ask("POST", "/internal/tokens", json={})
    wrong = await client.ask("DELETE", "/v1/products")

    assert (unknown.status, unknown.json()["code"]) == (404, "not-found")
    assert unknown.headers["content-type"] == "application/problem+json"
    assert unknown.json()["instance"] == unknown.headers["halles-request-id"]
    assert internal.status == 404
    assert (wrong.status, wrong.headers["allow"]) == (405, "GET, HEAD")


async def test_path_values_never_climb(start: Any, neighbours: Any) -> None:
    client = await start()

    for path in (
        "/v1/products/..",
        "/v1/products/%2e%2e%2finternal",
        "/v1/products/a%2fb",
        "/v1/products/" + "a" * 101,
    ):
        answer = await client.ask("GET", URL(client.url + path, encoded=True))
        assert answer.status == 404, path

    assert neighbours.calls("GET /internal") == []


async def test_cookie_becomes_the_accounts_own_token(start: Any, neighbours: Any) -> None:
    neighbours.on("GET /v1/me", {"account_id": "acc_buyer"})
    client = await start()

    answer = await client.ask("GET", "/v1/me", headers={**SESSION, "X-User": "acc_admin", "X-Roles": "admin"})

    assert answer.status == 200
    assert answer.headers["cache-control"] == "private, no-store"
    [asked] = neighbours.calls("GET /v1/me")
    assert asked.headers["Authorization"] == "Bearer acc_buyer@identity"
    assert not {"X-User", "X-Roles", "Cookie"} & set(asked.headers)


async def test_without_credential_nothing_goes_upstream(start: Any, neighbours: Any) -> None:
    client = await start()

    answer = await client.ask("GET", "/v1/me")

    assert (answer.status, answer.json()["code"]) == (401, "unauthenticated")
    assert neighbours.asked == []


async def test_dead_session_is_said_and_its_cookie_goes(start: Any, neighbours: Any) -> None:
    client = await start()

    answer = await client.ask("GET", "/v1/me", headers={"Cookie": "__Host-halles-session=dead"})

    assert (answer.status, answer.json()["code"]) == (401, "session-expired")
    [cookie] = answer.cookies
    assert cookie.startswith('__Host-halles-session=""; ') and "Max-Age=0" in cookie
    assert neighbours.calls("GET /v1/me") == []


async def test_tokens_are_asked_for_once_and_go_on_when_identity_is_away(start: Any, neighbours: Any) -> None:
    neighbours.on("GET /v1/me", {"account_id": "acc_buyer"})
    client = await start()
    await client.ask("GET", "/v1/me", headers=SESSION)
    neighbours.identity_status = 503

    known = await client.ask("GET", "/v1/me", headers=SESSION)
    unknown = await client.ask("GET", "/v1/me", headers={"Cookie": "__Host-halles-session=other"})

    assert known.status == 200
    assert len(neighbours.calls("POST /internal/tokens")) == 2
    assert (unknown.status, unknown.headers["retry-after"]) == (503, "2")
    assert unknown.cookies == []


async def test_sign_in_moves_the_secret_into_the_cookie(start: Any, neighbours: Any) -> None:
    session = {"session_token": "secret", "expires_at": "2099-01-01T00:00:00Z", "account": {"account_id": "a"}}
    neighbours.on("POST /v1/sessions", session, status=201)
    client = await start()

    answer = await client.ask("POST", "/v1/sessions", json={"email": "a@b.fr", "password": "x"})

    assert answer.status == 201
    assert b"secret" not in answer.body
    [cookie] = answer.cookies
    assert cookie.startswith("__Host-halles-session=secret; ")
    for attribute in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert attribute in cookie


async def test_sign_out_forgets_the_tokens_at_once(start: Any, neighbours: Any) -> None:
    neighbours.on("DELETE /v1/sessions/current", b"", status=204)
    neighbours.on("GET /v1/me", {})
    client = await start()
    await client.ask("GET", "/v1/me", headers=SESSION)

    answer = await client.ask("DELETE", "/v1/sessions/current", headers=SESSION)
    del neighbours.credentials["good-session"]
    after = await client.ask("GET", "/v1/me", headers=SESSION)

    assert answer.status == 204
    assert "Max-Age=0" in answer.cookies[0]
    assert after.status == 401


async def test_keyed_routes_need_a_well_formed_key(start: Any, neighbours: Any) -> None:
    client = await start()

    missing = await client.ask("POST", "/v1/checkouts", json={}, headers=SESSION)
    short = await client.ask("POST", "/v1/checkouts", json={}, headers={**SESSION, "Idempotency-Key": "abc"})

    assert (missing.status, missing.json()["code"]) == (400, "idempotency-key-missing")
    assert (short.status, short.json()["code"]) == (400, "idempotency-key-malformed")
    assert neighbours.calls("POST /v1/checkouts") == []


async def test_bodies_are_bounded_json(start: Any, neighbours: Any) -> None:
    client = await start()
    large = io.BytesIO(b'"' + b"a" * (1024 * 1024 + 1) + b'"')

    declared = await client.ask("POST", "/v1/accounts", data=large, headers={"Content-Type": "application/json"})
    text = await client.ask("POST", "/v1/accounts", data=b"{}", headers={"Content-Type": "text/plain"})

    assert (declared.status, declared.json()["code"]) == (413, "too-large")
    assert (text.status, text.json()["code"]) == (415, "unsupported-media-type")
    assert neighbours.calls("POST /v1/accounts") == []


async def test_chunked_bodies_are_bounded_too(start: Any, neighbours: Any) -> None:
    client = await start()

    async def chunks() -> Any:
        for _ in range(40):
            yield b"a" * 65536

    answer = await client.ask("POST", "/v1/accounts", data=chunks(), headers={"Content-Type": "application/json"})

    assert answer.status == 413
    assert neighbours.calls("POST /v1/accounts") == []


async def test_webhooks_pass_raw_and_without_token(start: Any, neighbours: Any) -> None:
    neighbours.on("POST /webhooks/stripe", {}, status=200)
    client = await start()
    raw = b'{"b": 1,  "a":2}'

    answer = await client.ask("POST", "/webhooks/stripe", data=raw, headers={"Stripe-Signature": "t=1,v1=aa"})

    assert answer.status == 200
    [asked] = neighbours.calls("POST /webhooks/stripe")
    assert asked.body == raw
    assert asked.headers["stripe-signature"] == "t=1,v1=aa"
    assert "Authorization" not in asked.headers
