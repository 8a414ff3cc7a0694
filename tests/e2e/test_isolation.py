"""Nobody reaches what belongs to somebody else: not with foreign ids, not around the gateway, not with forged proof (S1–S6)."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from e2e_kit import CARD, Reply, World, ask, keyed
from joserfc import jwt
from joserfc.jwk import OKPKey

from edge.auth import ALGORITHM, TOKEN_TYPE
from edge.client import ClientKey
from gateway.table.every import ROUTES
from gateway.table.route import Access, Route
from halles_local import environment
from halles_local.client import buying
from halles_local.client.api import Caller
from halles_local.ports import DATABASES
from halles_local.secret_files import Secrets

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]
AT_THE_GATEWAY_ONLY = {"order-events"}
OWNERS = tuple(sorted({route.upstream for route in ROUTES} - {"gateway"}))
IDENTITY_HEADERS = ("X-User-Id", "X-Forwarded-User", "X-Account-Id", "Halles-Subject", "Halles-Principal", "X-Roles")


class Victim:
    """An order of two sellers, shipped, with everything that can be named by an id."""

    def __init__(self, buyer: Caller, ids: dict[str, str]) -> None:
        self.buyer = buyer
        self.ids = ids

    def path_of(self, route: Route) -> str:
        path = route.path
        for name, value in self.ids.items():
            path = path.replace(f"{{{name}}}", value)
        return path


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def victim(world: World) -> AsyncIterator[Victim]:
    first, second = world.shops[0], world.shops[1]
    wanted = {await world.offer(first, stock=5): 1, await world.offer(second, stock=5): 1}
    buyer = await world.buyer()
    order = await world.order(buyer, wanted)
    part = next(part for part in order["seller_orders"] if part["seller_id"] == first.seller_id)
    shipment = await buying.ship(first.caller, first.seller_id, order["order_id"])
    yield Victim(
        buyer,
        {
            "order_id": order["order_id"],
            "seller_id": first.seller_id,
            "seller_order_id": part["seller_order_id"],
            "shipment_id": shipment["shipment_id"],
            "offer_id": part["lines"][0]["offer_id"],
            "line_id": part["lines"][0]["line_id"],
            "account_id": (await buyer.get("/v1/me"))["account_id"],
            "session_id": "ses_unknown",
            "category_id": "cat_unknown",
            "correlation_id": order["order_id"],
            "product_id": part["lines"][0]["product_id"],
            "code": "not-found",
        },
    )


BODIES: dict[str, Any] = {
    "/v1/orders/{order_id}/payment": {"payment_method": CARD},
    "/v1/sellers/{seller_id}": {"town": "Ailleurs"},
    "/v1/sellers/{seller_id}/members": {"email": "moi@courriel.example"},
    "/v1/sellers/{seller_id}/products": {
        "title": {"fr": "Faux", "en": "Fake"},
        "description": {"fr": "Faux", "en": "Fake"},
        "category_id": "cat_x",
        "variants": [{"label": {"fr": "Un", "en": "One"}}],
    },
    "/v1/sellers/{seller_id}/offers": {
        "variant_id": "var_x",
        "price": {"amount": 1, "currency": "EUR"},
        "stock": 1,
        "condition": "new",
        "handling_days": 1,
    },
    "/v1/sellers/{seller_id}/offers/{offer_id}": {"stock": 0},
    "/v1/sellers/{seller_id}/shipments/{shipment_id}/ship": {"carrier": "colis-demo"},
    "/v1/operator/sellers/{seller_id}/suspend": {"reason": "envy"},
    "/v1/operator/accounts/{account_id}/roles": {"roles": ["admin"]},
}

OWNED = [
    route
    for route in ROUTES
    if "{" in route.path and route.access is Access.ACCOUNT and not route.path.startswith(("/v1/sessions", "/v1/cart"))
]


async def call(route: Route, victim: Victim, caller: Caller, base: str | None = None, **headers: str) -> Reply:
    body = None if route.method == "GET" else BODIES.get(route.path, {})
    return await ask(caller, route.method, victim.path_of(route), body, headers={**keyed(), **headers}, base=base)


async def views(world: World, victim: Victim) -> list[Any]:
    """Everything that the owners see of what is attacked."""
    order_id, shop = victim.ids["order_id"], world.shops[0]
    seen = [
        await victim.buyer.get(f"/v1/orders/{order_id}"),
        await shop.caller.get(f"/v1/sellers/{shop.seller_id}/offers?limit=100"),
        await shop.caller.get(f"/v1/sellers/{shop.seller_id}/members"),
        (await shop.caller.get(f"/v1/sellers/{shop.seller_id}"))["town"],
    ]
    return [json.loads(json.dumps(one)) for one in seen]


async def test_a_stranger_finds_nothing_at_foreign_ids_and_changes_nothing(world: World, victim: Victim) -> None:
    stranger, other_seller = await world.buyer(), world.shops[2].caller
    before = await views(world, victim)
    found: dict[str, tuple[int, int]] = {}

    for route in OWNED:
        answers = (await call(route, victim, stranger), await call(route, victim, other_seller))
        found[f"{route.method} {route.path}"] = (answers[0].status, answers[1].status)

    for name, (as_buyer, as_seller) in found.items():
        if "/operator/" in name:
            assert (as_buyer, as_seller) == (403, 403), name
        elif "/v1/sellers/" in name:
            assert (as_buyer in (403, 404), as_seller) == (True, 404), name
        else:
            assert (as_buyer, as_seller) == (404, 404), name
    assert len(found) > 25
    assert await views(world, victim) == before


async def test_a_seller_of_the_same_order_sees_only_the_own_part(world: World, victim: Victim) -> None:
    neighbour = world.shops[1]
    path = f"/v1/sellers/{neighbour.seller_id}/orders/{victim.ids['seller_order_id']}"

    assert (await ask(neighbour.caller, "GET", path)).status == 404
    mine = await world.shops[0].caller.get(
        f"/v1/sellers/{victim.ids['seller_id']}/orders/{victim.ids['seller_order_id']}"
    )
    assert [line["offer_id"] for line in mine["lines"]] == [victim.ids["offer_id"]]
    assert "@" not in json.dumps(mine)


async def internal_token(world: World, caller: Caller, audience: str) -> str:
    """What the gateway gets for this caller, with the gateway's own key."""
    stack = world.place.stack
    assertion = ClientKey("gateway", Secrets(stack).client_key("gateway")).assertion()
    body = {"audience": [audience], "credential": {"kind": "access", "value": caller.token}}
    headers = {"Authorization": f"Bearer {assertion}"}
    visitor, url = world.place.visitor(), stack.ports.url("identity")
    reply = await ask(visitor, "POST", "/internal/tokens", body, headers=headers, base=url)
    assert reply.status == 200, reply.body
    return str(reply.body["tokens"][audience])


def forged(world: World, victim: Victim, audience: str) -> dict[str, str]:
    """Tokens that claim to be the victim, each wrong in one way."""
    now = int(time.time())
    claims = {"iss": "identity", "sub": victim.ids["account_id"], "aud": audience, "iat": now, "exp": now + 60}
    claims["roles"] = ["buyer", "admin", "service"]
    published = OKPKey.import_key(json.loads(Secrets(world.place.stack).signing_key.read_text()))
    header = {"alg": ALGORITHM, "typ": TOKEN_TYPE, "kid": published.kid}
    own = OKPKey.generate_key("Ed25519")
    none = ".".join(_encoded(part) for part in ({**header, "alg": "none"}, claims))
    return {
        "own key": jwt.encode(header, claims, own, algorithms=[ALGORITHM]),
        "alg none": f"{none}.",
        "expired": jwt.encode(header, {**claims, "exp": now - 90}, published, algorithms=[ALGORITHM]),
        "another audience": jwt.encode(header, {**claims, "aud": "nobody"}, published, algorithms=[ALGORITHM]),
        "another issuer": jwt.encode(header, {**claims, "iss": "order"}, published, algorithms=[ALGORITHM]),
        "another type": jwt.encode({**header, "typ": "at+jwt"}, claims, published, algorithms=[ALGORITHM]),
        "access token": victim.buyer.token,
    }


def _encoded(part: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


@pytest.mark.parametrize("service", OWNERS)
async def test_a_service_answers_nobody_who_comes_around_the_gateway(
    world: World, victim: Victim, service: str
) -> None:
    base, visitor = world.place.stack.ports.url(service), world.place.visitor()
    headers = dict.fromkeys(IDENTITY_HEADERS, victim.ids["account_id"])
    routes = [
        route
        for route in ROUTES
        if route.upstream == service and route.access is not Access.SIGNED and route.view not in AT_THE_GATEWAY_ONLY
    ]
    statuses = {
        f"{route.method} {route.path}": (await call(route, victim, visitor, base, **headers)).status for route in routes
    }
    consumed = await ask(visitor, "POST", "/internal/consumed", {"event_ids": []}, base=base)

    assert set(statuses.values()) == {401}, {name: status for name, status in statuses.items() if status != 401}
    assert consumed.status == 401


@pytest.mark.parametrize("service", OWNERS)
async def test_a_service_believes_no_forged_token(world: World, victim: Victim, service: str) -> None:
    base, visitor = world.place.stack.ports.url(service), world.place.visitor()
    route = next(route for route in ROUTES if route.upstream == service and route.access is Access.ACCOUNT)
    method, path = route.method, victim.path_of(route)
    for kind, token in forged(world, victim, service).items():
        headers = {"Authorization": f"Bearer {token}", **keyed()}
        reply = await ask(visitor, method, path, None if method == "GET" else {}, headers=headers, base=base)
        assert (reply.status, reply.code) == (401, "unauthenticated"), kind


async def test_a_real_token_is_good_for_its_own_service_and_its_own_subject_only(world: World, victim: Victim) -> None:
    stranger, visitor, ports = await world.buyer(), world.place.visitor(), world.place.stack.ports
    path = f"/v1/orders/{victim.ids['order_id']}"

    async def read(token: str, service: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return (await ask(visitor, "GET", path, headers=headers, base=ports.url(service))).status

    mine = await internal_token(world, victim.buyer, "order")
    theirs = await internal_token(world, stranger, "order")
    elsewhere = await internal_token(world, victim.buyer, "payment")

    assert await read(mine, "order") == 200
    assert await read(theirs, "order") == 404
    assert await read(elsewhere, "order") == 401


async def test_identity_headers_of_clients_mean_nothing_at_the_gateway(world: World, victim: Victim) -> None:
    headers = dict.fromkeys(IDENTITY_HEADERS, victim.ids["account_id"])

    for caller, status in ((world.place.visitor(), 401), (await world.buyer(), 404)):
        reply = await ask(caller, "GET", f"/v1/orders/{victim.ids['order_id']}", headers=headers)
        assert reply.status == status


@pytest.mark.parametrize("service", DATABASES)
async def test_a_services_role_reaches_no_other_database_and_changes_no_schema(world: World, service: str) -> None:
    stack = world.place.stack
    secrets = Secrets(stack)
    for other in DATABASES:
        address = environment.database_url(stack, other, role=service, secrets=secrets)
        if other != service:
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(address, connect_timeout=5)
            continue
        with psycopg.connect(address, autocommit=True) as inside:
            for statement in ("CREATE TABLE loot (id int)", "DROP TABLE outbox", "ALTER TABLE inbox ADD COLUMN x int"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    inside.execute(statement)  # type: ignore[arg-type]
