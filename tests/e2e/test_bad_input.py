"""What people and programs send wrong gets a problem with a stable code that helps, and changes nothing (issue 3)."""

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64encode
from typing import Any
from uuid import uuid4

import pytest
from e2e_kit import ADDRESS, CARD, PASSWORD, Reply, World, ask, empty_cart, keyed

from halles_local.client import buying
from halles_local.client.api import Caller
from halles_local.client.patience import until
from halles_local.invariants.here import sources_of
from halles_local.secret_files import Secrets

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]


async def _any_offer(world: World) -> str:
    shop = world.shops[0]
    found: str = (await shop.caller.get(f"/v1/sellers/{shop.seller_id}/offers?limit=1"))["items"][0]["offer_id"]
    return found


def is_problem(reply: Reply, status: int, code: str) -> bool:
    """The status and code wanted, in the form of RFC 9457, with a sentence and nothing of our insides."""
    assert (reply.status, reply.code) == (status, code), reply.body
    assert reply.headers["content-type"].startswith("application/problem+json")
    assert reply.body["type"].endswith(f"/problems/{code}")
    assert len(reply.body["detail"]) > 10
    assert reply.headers["halles-request-id"]
    shown = json.dumps(reply.body)
    return not any(word in shown for word in ("Traceback", "psycopg", "SELECT ", "127.0.0.1", ".py"))


@pytest.mark.parametrize("quantity", [0, -1, 10**9, 10**30, 1.5, "2", None, True, [], {}])
async def test_quantities_that_are_none(world: World, quantity: Any) -> None:
    offer_id = await _any_offer(world)

    reply = await ask(world.place.visitor(), "PUT", f"/v1/cart/lines/{offer_id}", {"quantity": quantity})

    assert is_problem(reply, 422, "invalid-request")
    assert reply.pointers == ["/quantity"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/v1/cart/lines/{offer}", {"quantity": 1, "unit_price": 1}),
        ("POST", "/v1/checkouts", {"total": {"amount": 1, "currency": "EUR"}}),
        ("POST", "/v1/accounts", {"roles": ["admin"]}),
        ("PATCH", "/v1/me", {"roles": ["admin"]}),
        ("POST", "/v1/reviews", {"verified_purchase": True}),
    ],
)
async def test_fields_that_nobody_asked_for_are_refused(
    world: World, method: str, path: str, body: dict[str, Any]
) -> None:
    (buyer,) = await world.buyers(1)
    whole = {
        "/v1/checkouts": {"cart_version": 0, "payment_method": CARD, "shipping_address": ADDRESS},
        "/v1/accounts": {"email": "x@courriel.example", "password": PASSWORD, "display_name": "X", "locale": "fr"},
        "/v1/reviews": {"line_id": "lin_1", "rating": 5, "title": "Bien", "text": "Très bien.", "locale": "fr"},
    }.get(path, {})
    path = path.replace("{offer}", await _any_offer(world))

    reply = await ask(buyer, method, path, {**whole, **body}, headers=keyed())

    assert is_problem(reply, 422, "invalid-request")
    extra = next(name for name in body if name not in ("quantity",))
    assert reply.pointers == [f"/{extra}"]


@pytest.mark.parametrize(
    ("content", "kind", "codes"),
    [
        (b"{nonsense", "application/json", {"invalid-request", "bad-request"}),
        (b"\xff\xfe\x00", "application/json", {"invalid-request", "bad-request"}),
        (b"[" * 50_000, "application/json", {"invalid-request", "bad-request"}),
        (b'{"quantity": 1}', "text/plain", {"unsupported-media-type"}),
    ],
)
async def test_bodies_that_are_no_json(world: World, content: bytes, kind: str, codes: set[str]) -> None:
    path = f"/v1/cart/lines/{await _any_offer(world)}"

    reply = await ask(world.place.visitor(), "PUT", path, content=content, headers={"Content-Type": kind})

    assert reply.code in codes
    assert is_problem(
        reply, {"too-large": 413, "unsupported-media-type": 415}.get(reply.code, reply.status), reply.code
    )
    assert reply.status in (400, 413, 415, 422)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/products/prd_unknown"),
        ("GET", "/v1/orders/ord_unknown"),
        ("GET", "/v1/payments/ord_unknown"),
        ("GET", "/v1/sellers/sel_unknown"),
        ("GET", "/v1/nowhere"),
        ("POST", "/v1/orders/ord_unknown/cancellation"),
    ],
)
async def test_unknown_things_are_not_found(world: World, method: str, path: str) -> None:
    (buyer,) = await world.buyers(1)

    assert is_problem(await ask(buyer, method, path, {} if method == "POST" else None), 404, "not-found")


async def test_an_unknown_offer_is_named(world: World) -> None:
    reply = await ask(world.place.visitor(), "PUT", "/v1/cart/lines/off_unknown", {"quantity": 1})

    assert is_problem(reply, 404, "offer-not-found")


NASTY = ("%00", "a%00b", "'%20OR%201=1--", "..%2F..%2Fetc", "%F0%9F%A7%80", "x" * 500, "%25s%25d", "-1", "null")


@pytest.mark.parametrize("nasty", NASTY)
async def test_nasty_ids_are_just_unknown(world: World, nasty: str) -> None:
    (buyer,) = await world.buyers(1)

    for path in (f"/v1/orders/{nasty}", f"/v1/products/{nasty}", f"/v1/offers?ids={nasty}", f"/v1/payments/{nasty}"):
        reply = await ask(buyer, "GET", path)
        assert reply.status in (200, 400, 404, 422), (path, reply.body)
        assert reply.status != 200 or reply.body["items"] == []


def _cursor(*key: object) -> str:
    return urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


LISTS = (
    "/v1/orders",
    "/v1/products",
    "/v1/notifications",
    "/v1/sellers",
    "/v1/operator/orders",
    "/v1/operator/sellers",
)
CURSORS = (
    "junk",
    "%00",
    "AAAA",
    _cursor("a", "b"),
    _cursor(None, None),
    _cursor(10**30, "x"),
    _cursor({}, []),
    _cursor("x"),
)


@pytest.mark.parametrize("path", LISTS)
async def test_cursors_that_are_none_of_ours(world: World, path: str) -> None:
    for cursor in CURSORS:
        reply = await ask(world.operator, "GET", f"{path}?cursor={cursor}")
        assert reply.status in (200, 422), (path, cursor, reply.body)
        assert reply.status == 200 or is_problem(reply, 422, "invalid-request")


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=-1", "limit=x", "limit=1e3"])
async def test_pages_have_a_size(world: World, query: str) -> None:
    assert is_problem(await ask(world.operator, "GET", f"/v1/products?{query}"), 422, "invalid-request")


async def test_a_session_that_ended_is_said_to_be_so(world: World) -> None:
    visitor = world.place.visitor()
    visitor.token = "not-a-token"

    assert is_problem(await ask(visitor, "GET", "/v1/me"), 401, "session-expired")


async def test_a_browsers_session_ends_with_its_sign_out(world: World) -> None:
    visitor, email = world.place.visitor(), f"essai.{uuid4().hex[:8]}@courriel.example"
    await world.place.register(name="Ada", email=email, password=PASSWORD, locale="fr")
    opened = await ask(visitor, "POST", "/v1/sessions", {"email": email, "password": PASSWORD})
    cookie = {"Cookie": opened.headers["set-cookie"].partition(";")[0]}
    assert (opened.status, "session_token" in opened.body) == (201, False)
    assert (await ask(visitor, "GET", "/v1/me", headers=cookie)).status == 200

    assert (await ask(visitor, "DELETE", "/v1/sessions/current", headers=cookie)).status == 204

    assert is_problem(await ask(visitor, "GET", "/v1/me", headers=cookie), 401, "session-expired")


async def test_nobody_is_asked_to_sign_in(world: World) -> None:
    visitor = world.place.visitor()

    for path in ("/v1/me", "/v1/orders", "/v1/operator/sales", "/v1/notifications"):
        assert is_problem(await ask(visitor, "GET", path), 401, "unauthenticated")


async def test_a_cart_that_changed_is_shown_again_before_anything_is_charged(world: World) -> None:
    shop = world.shops[5]
    offer_id = await world.offer(shop, stock=5, price=1000)
    buyer = await world.buyer()
    cart = await buying.put_in_cart(buyer, offer_id, 2)
    change = {"price": {"amount": 1100, "currency": "EUR"}}
    await shop.caller.call("PATCH", f"/v1/sellers/{shop.seller_id}/offers/{offer_id}", change)
    body = {"cart_version": cart["version"], "payment_method": CARD, "shipping_address": ADDRESS}

    async def noticed() -> Reply | None:
        reply = await ask(world.place.visitor(), "GET", f"/v1/offers?ids={offer_id}")
        return reply if reply.body["items"][0]["price"]["amount"] == 1100 else None

    await until("the new price is known", noticed)
    await until("order knows the new price", lambda: _refuses(buyer, body))
    reply = await ask(buyer, "POST", "/v1/checkouts", body, headers=keyed())

    assert is_problem(reply, 409, "cart-changed")
    assert any(offer_id in pointer for pointer in reply.pointers)
    shown = await buyer.get("/v1/cart")
    assert shown["total"]["amount"] == 2200
    order = await world.order(buyer, {offer_id: 2})
    assert (order["status"], order["total"]["amount"]) == ("confirmed", 2200)


async def _refuses(buyer: Caller, body: dict[str, Any]) -> bool | None:
    """Order's projection has heard of the price once the cart carries a notice or the version moved."""
    cart = await buyer.get("/v1/cart")
    return cart["version"] != body["cart_version"] or None


async def test_an_empty_cart_cannot_be_ordered(world: World) -> None:
    (buyer,) = await world.buyers(1)
    await empty_cart(buyer)
    version = (await buyer.get("/v1/cart"))["version"]
    body = {"cart_version": version, "payment_method": CARD, "shipping_address": ADDRESS}

    assert is_problem(await ask(buyer, "POST", "/v1/checkouts", body, headers=keyed()), 409, "empty-cart")


def _stripe_event() -> bytes:
    return json.dumps({"id": f"evt_{uuid4().hex}", "object": "event", "type": "payment_intent.succeeded"}).encode()


def _signed(secret: str, body: bytes, moment: int) -> str:
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


@pytest.mark.parametrize("hook", ["stripe", "carrier"])
@pytest.mark.parametrize("forgery", ["none", "another secret", "old", "changed body", "future"])
async def test_webhooks_that_are_forged_or_old_are_refused_and_not_stored(
    world: World, hook: str, forgery: str
) -> None:
    passwords = Secrets(world.place.stack).passwords
    secret = passwords["stripe-webhook"] if hook == "stripe" else passwords["carrier"]
    body, now = _stripe_event(), int(time.time())
    header = {
        "none": "",
        "another secret": _signed("whsec_guess", body, now),
        "old": _signed(secret, body, now - 3600),
        "future": _signed(secret, body, now + 3600),
        "changed body": _signed(secret, _stripe_event(), now),
    }[forgery]
    before = _stored(world, hook)

    name = "Stripe-Signature" if hook == "stripe" else "Carrier-Signature"
    reply = await ask(world.place.visitor(), "POST", f"/webhooks/{hook}", content=body, headers={name: header})

    assert reply.status in (400, 401), reply.body
    assert reply.headers["content-type"].startswith("application/problem+json")
    assert _stored(world, hook) == before


def _stored(world: World, hook: str) -> int:
    service, table = {"stripe": ("payment", "webhook_events"), "carrier": ("logistics", "carrier_callbacks")}[hook]
    sources = sources_of(world.place.stack)
    try:
        return int(sources.rows(service, f"SELECT count(*) AS n FROM {table}")[0]["n"])  # noqa: S608 - names from above
    finally:
        sources.close()


async def test_a_page_of_another_site_cannot_write(world: World) -> None:
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}

    reply = await ask(world.place.visitor(), "POST", "/v1/sessions", {"email": "a@b.example"}, headers=headers)

    assert is_problem(reply, 403, "cross-origin")
    assert "access-control-allow-origin" not in reply.headers
