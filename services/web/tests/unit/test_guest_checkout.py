"""Buying without an account, the way back to paying after making one, and which pages are counted on the way to an order."""

from typing import Any

from web.views.operator.dashboard import WAY

LINE = {
    "offer_id": "off_1", "product_id": "prd_1", "title": {"fr": "Miel", "en": "Honey"}, "variant": {"fr": "", "en": ""},
    "quantity": 1, "unit_price": {"amount": 890, "currency": "EUR"}, "amount": {"amount": 890, "currency": "EUR"},
    "image_url": None, "problem": None,
}  # fmt: skip
GROUP = {"seller_id": "sel_1", "lines": [LINE], "subtotal": LINE["amount"]}
CART = {"version": 7, "sellers": [GROUP], "names": {}, "notices": [], "total": LINE["amount"]}
CARD = {"payment_method": "pm_card_visa", "label": {"fr": "Visa", "en": "Visa"}}
GUEST = {
    "account_id": "acc_1", "email": "nora@courriel.example", "display_name": "Nora", "locale": "fr", "verified": False,
    "roles": ["buyer", "guest"], "sellers": [],
}  # fmt: skip
FORM = {
    "cart_version": "7", "key": "a-key-of-the-form", "email": "nora@courriel.example", "name": "Nora", "line1": "1 rue",
    "postal_code": "69001", "city": "Lyon", "country": "FR", "payment_method": "pm_card_visa",
}  # fmt: skip
SESSION = {"Set-Cookie": "__Host-halles-session=of-the-guest; HttpOnly; Max-Age=100; Path=/; Secure"}
CART_COOKIE = {"Cookie": "__Host-halles-cart=guests"}


def market(api: Any) -> None:
    api.on("GET /v1/cart", CART)
    api.on("GET /v1/payment-config", {"test_methods": [CARD]})
    api.on("POST /v1/guests", {"account": GUEST}, status=201, headers=SESSION)
    api.on("POST /v1/checkouts", {"order_id": "ord_1", "status": "confirmed"}, status=202)


async def test_an_address_is_enough_to_order(browser: Any, api: Any) -> None:
    market(api)

    shown = await browser.get("/checkout", headers=CART_COOKIE)
    ordered = await browser.post("/checkout", FORM, headers=CART_COOKIE)

    assert 'name="email"' in shown.text and "/sign-in?next=/checkout" in shown.text
    assert (ordered.status, ordered.headers["location"]) == (303, "/orders/ord_1")
    assert api.bodies("POST /v1/guests") == [{"email": FORM["email"], "display_name": "Nora", "locale": "fr"}]
    [checkout] = [headers for method, path, headers, _ in api.asked if (method, path) == ("POST", "/v1/checkouts")]
    assert "__Host-halles-session=of-the-guest" in checkout["Cookie"]
    assert any(cookie.startswith("__Host-halles-session=of-the-guest") for cookie in ordered.cookies)


async def test_a_cart_that_changed_makes_no_guest(browser: Any, api: Any) -> None:
    market(api)

    answer = await browser.post("/checkout", {**FORM, "cart_version": "6"}, headers=CART_COOKIE)

    assert answer.status == 409
    assert 'value="nora@courriel.example"' in answer.text
    assert api.bodies("POST /v1/guests") == []


async def test_what_is_wrong_with_the_address_stands_beside_it(browser: Any, api: Any) -> None:
    market(api)
    api.refuse(
        "POST /v1/guests", 422, "invalid-request",
        {"pointer": "/email", "code": "value-error"}, {"pointer": "/display_name", "code": "string-too-short"},
    )  # fmt: skip

    answer = await browser.post("/checkout", {**FORM, "email": "nora", "name": ""}, headers=CART_COOKIE)

    assert answer.status == 422
    assert 'id="e-f-email"' in answer.text and 'id="e-f-name"' in answer.text
    assert api.bodies("POST /v1/checkouts") == []


async def test_who_makes_an_account_on_the_way_comes_back_to_paying(browser: Any, api: Any) -> None:
    api.on("POST /v1/accounts", {}, status=202)
    api.on("POST /v1/sessions", {"account": {**GUEST, "verified": True, "roles": ["buyer"]}}, status=201)
    account = {"email": "a@b.fr", "password": "quatre mots sans lien", "display_name": "Ada", "next": "/checkout"}

    asked = await browser.post("/sign-up", account)
    [after] = [cookie.partition(";")[0] for cookie in asked.cookies if "-after=" in cookie]
    signed_in = await browser.post("/sign-in", {"email": "a@b.fr", "password": "x"}, headers={"Cookie": after})
    elsewhere = await browser.post("/sign-in", {"email": "a@b.fr", "password": "x", "next": "/orders"})

    assert signed_in.headers["location"] == "/checkout?ok=signed-in"
    assert elsewhere.headers["location"] == "/orders?ok=signed-in"


async def test_pages_on_the_way_to_an_order_are_counted_by_the_names_the_operator_sees(browser: Any, api: Any) -> None:
    market(api)
    shop = {
        "seller_id": "sel_1", "handle": "lou", "name": "Lou", "town": "Lyon", "postal_code": "69001", "latitude": 1,
        "longitude": 1, "description": {"fr": "x", "en": "x"}, "opened_at": None, "products": {"items": []}, "partial": [],
    }  # fmt: skip
    order = {
        "order_id": "ord_1", "number": "H-1", "status": "confirmed", "placed_at": "2026-11-24T10:00:00Z", "reason": None,
        "shipping_address": dict.fromkeys(("name", "line1", "line2", "postal_code", "city"), "x") | {"country": "FR"},
        "seller_orders": [], "shipments": [], "shortages": [], "total": LINE["amount"], "partial": [], "payment": None,
    }  # fmt: skip
    product = {
        "product_id": "prd_1", "title": LINE["title"], "description": LINE["title"], "category_path": [], "variants": [],
        "image_url": None, "reviews": None, "sellers": {}, "partial": [],
    }  # fmt: skip
    found = {"items": [], "total": 0, "corrected": None, "facets": {"category": [], "seller": []}}
    api.on("GET /v1/search", found)
    api.on("GET /v1/products/prd_1", product)
    api.on("GET /v1/sellers/lou", shop)
    api.on("GET /v1/me", GUEST)
    api.on("GET /v1/notifications", {"unread": 0, "items": []})
    api.on("GET /v1/orders/ord_1", order)
    api.on("POST /v1/activity", {"visit_id": "vis_" + "0" * 32}, status=202)
    agreed = {"Cookie": "__Host-halles-consent=yes; __Host-halles-session=s"}

    for path in ("/", "/search", "/products/prd_1", "/shops/lou", "/cart", "/checkout", "/orders/ord_1"):
        assert (await browser.get(path, headers=agreed)).status == 200, path
    await browser.get("/orders/ord_1", headers={**agreed, "Halles-Refresh": "1"})

    assert [told["page"] for told in api.bodies("POST /v1/activity")] == list(WAY)
