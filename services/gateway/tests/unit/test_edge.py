import asyncio
from ipaddress import ip_network
from typing import Any

import pytest
from starlette.datastructures import Headers

from gateway.edge.origin import OriginCheck
from gateway.edge.peers import Peers

LOOPBACK = (ip_network("127.0.0.0/8"),)
FRIEND = "https://friend.example"


@pytest.mark.parametrize(
    ("headers", "accepted"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "cross-site", "origin": "https://evil.example"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"origin": "https://evil.example", "host": "api.test"}, False),
        ({"origin": "null"}, False),
        ({"origin": "https://api.test", "host": "api.test"}, True),
        ({"sec-fetch-site": "cross-site", "origin": FRIEND}, True),
    ],
)
def test_writes_of_other_sites_are_refused(headers: dict[str, str], accepted: bool) -> None:
    check = OriginCheck((FRIEND,))

    assert check.accepts("POST", Headers(headers)) is accepted
    assert check.accepts("GET", Headers(headers)) is True


def address(client: str, forwarded: str | None, trusted: Any) -> str:
    headers = Headers({"x-forwarded-for": forwarded} if forwarded else {})
    return Peers(trusted=trusted, insiders=()).address({"client": (client, 1)}, headers)


def test_forwarded_addresses_count_only_from_trusted_proxies() -> None:
    assert address("203.0.113.9", "198.51.100.1", LOOPBACK) == "203.0.113.9"
    assert address("127.0.0.1", "198.51.100.1", ()) == "127.0.0.1"
    assert address("127.0.0.1", "198.51.100.1", LOOPBACK) == "198.51.100.1"
    assert address("127.0.0.1", "6.6.6.6, 198.51.100.1, 127.0.0.2", LOOPBACK) == "198.51.100.1"
    assert address("127.0.0.1", "nonsense", LOOPBACK) == "unknown"


async def test_cross_site_writes_and_foreign_hosts(start: Any, neighbours: Any) -> None:
    client = await start()

    cross = await client.ask("POST", "/v1/accounts", json={}, headers={"Sec-Fetch-Site": "cross-site"})
    host = await client.ask("GET", "/v1/categories", headers={"Host": "evil.example"})
    large = await client.ask("GET", "/v1/categories", headers={"X-Padding": "a" * 17_000})

    assert (cross.status, cross.json()["code"]) == (403, "cross-origin")
    assert (host.status, host.json()["code"]) == (421, "unknown-host")
    assert (large.status, large.json()["code"]) == (431, "headers-too-large")
    assert neighbours.asked == []


async def test_every_answer_has_the_security_headers(start: Any, neighbours: Any) -> None:
    neighbours.hang("GET /v1/categories")
    client = await start(read_budget_ms=100)

    for path in ("/v1/categories", "/nothing", "/docs", "/openapi.json"):
        headers = (await client.ask("GET", path)).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "cache-control" in headers


async def test_only_named_origins_may_read(start: Any, neighbours: Any) -> None:
    neighbours.on("GET /v1/categories", {"items": []})
    client = await start(allowed_origins=(FRIEND,))
    ask = {"Access-Control-Request-Method": "PUT"}

    friend = await client.ask("GET", "/v1/categories", headers={"Origin": FRIEND})
    other = await client.ask("GET", "/v1/categories", headers={"Origin": "https://evil.example"})
    preflight = await client.ask("OPTIONS", "/v1/cart/lines/o1", headers={"Origin": FRIEND, **ask})
    refused = await client.ask("OPTIONS", "/v1/cart/lines/o1", headers={"Origin": "https://evil.example", **ask})

    assert friend.headers["access-control-allow-origin"] == FRIEND
    assert "access-control-allow-origin" not in other.headers
    assert preflight.headers["access-control-allow-methods"] == "DELETE, PUT"
    assert not [name for name in refused.headers if name.startswith("access-control")]


async def test_the_inside_is_shown_to_insiders_only(start: Any) -> None:
    client = await start()
    outside = await start(metrics_peers=())

    assert (await client.ask("GET", "/metrics")).status == 200
    assert (await client.ask("GET", "/metrics", headers={"X-Forwarded-For": "198.51.100.1"})).status == 404
    assert (await outside.ask("GET", "/metrics")).status == 404


async def test_limits_are_weighted_and_say_when_to_come_back(start: Any, neighbours: Any) -> None:
    neighbours.on("POST /v1/sessions", {"code": "bad-credentials"}, status=401)
    client = await start(rate_limit_per_minute=25)

    answers = [await client.ask("POST", "/v1/sessions", json={}) for _ in range(3)]

    assert [answer.status for answer in answers] == [401, 401, 429]
    assert answers[1].headers["ratelimit"].startswith('"default";r=5;t=')
    assert answers[2].json()["code"] == "rate-limited"
    assert 1 <= int(answers[2].headers["retry-after"]) <= 120
    assert len(neighbours.calls("POST /v1/sessions")) == 2


async def test_accounts_are_limited_apart_from_each_other(start: Any, neighbours: Any) -> None:
    neighbours.credentials["other"] = {"subject": "acc_other", "roles": ["buyer"]}
    neighbours.on("GET /v1/me", {})
    client = await start(rate_limit_per_minute=5)

    mine = [
        await client.ask("GET", "/v1/me", headers={"Cookie": "__Host-halles-session=good-session"}) for _ in range(6)
    ]
    other = await client.ask("GET", "/v1/me", headers={"Cookie": "__Host-halles-session=other"})

    assert [answer.status for answer in mine] == [200] * 5 + [429]
    assert other.status == 200


async def test_too_many_at_once_are_turned_away(start: Any, neighbours: Any) -> None:
    neighbours.hang("GET /v1/categories")
    client = await start(concurrency=2, read_budget_ms=500)

    answers = await asyncio.gather(*(client.ask("GET", "/v1/categories") for _ in range(4)))

    assert sorted(answer.json()["code"] for answer in answers) == ["overloaded"] * 2 + ["unavailable"] * 2
