import re
from typing import Any

import pytest

from web.amounts import minor_units, whole
from web.page import safe_next

SESSION = {"Cookie": "__Host-halles-session=s3cret"}
ME = {
    "account_id": "acc_1",
    "email": "a@b.fr",
    "display_name": "Ada",
    "locale": "fr",
    "roles": ["buyer"],
    "sellers": [],
}
EURO = {"amount": 1250, "currency": "EUR"}
CART = {
    "version": 3,
    "total": EURO,
    "names": {"sel_1": {"handle": "lou", "name": "Chez Lou"}},
    "notices": [],
    "partial": [],
    "sellers": [
        {
            "seller_id": "sel_1",
            "subtotal": EURO,
            "lines": [
                {
                    "offer_id": "off_1",
                    "product_id": "prd_1",
                    "title": {"fr": "Miel", "en": "Honey"},
                    "variant": {"fr": "500 g", "en": "500 g"},
                    "image_url": "",
                    "quantity": 1,
                    "unit_price": EURO,
                    "amount": EURO,
                    "available": 4,
                    "problem": None,
                }
            ],
        }
    ],
}
METHODS = {"test_methods": [{"payment_method": "pm_card_visa", "label": {"fr": "Visa", "en": "Visa"}}]}
ADDRESS = {"name": "Ada", "line1": "1 rue", "postal_code": "26400", "city": "Crest", "country": "FR"}
FORM = {**ADDRESS, "cart_version": "3", "payment_method": "pm_card_visa", "key": "key-of-this-form"}


def ready_to_buy(api: Any) -> None:
    api.on("GET /v1/me", ME)
    api.on("GET /v1/cart", CART)
    api.on("GET /v1/payment-config", METHODS)


async def test_every_page_has_the_security_headers_and_no_third_party(browser: Any, api: Any) -> None:
    page = await browser.get("/")

    policy = page.headers["content-security-policy"]
    assert (
        "default-src 'none'" in policy
        and "script-src 'nonce-" in policy
        and "unsafe" not in policy
        and "http" not in policy
    )
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.status == 200, "a home page without anything is still a page"


async def test_unknown_addresses_in_both_languages(browser: Any) -> None:
    french, english = await browser.get("/rien"), await browser.get("/en/nothing")

    assert (french.status, english.status) == (404, 404)
    assert "Introuvable" in french.text and '<html lang="fr">' in french.text
    assert "Not found" in english.text and 'href="/en/cart"' in english.text


async def test_texts_of_the_market_are_escaped(browser: Any, api: Any) -> None:
    evil = '<script>alert(1)</script>"onload="x'
    shop = {
        "seller_id": "sel_1",
        "name": evil,
        "description": {"fr": evil, "en": evil},
        "town": evil,
        "postal_code": "1",
        "latitude": 45_000_000,
        "longitude": 6_000_000,
    }
    api.on(
        "GET /v1/sellers/lou",
        {**shop, "handle": "lou", "rating": None, "opened_at": None, "products": None, "partial": []},
    )

    page = await browser.get("/shops/lou")

    assert page.status == 200
    assert "<script>alert" not in page.text and '"onload="' not in page.text


async def test_visitors_are_sent_to_sign_in_and_come_back(browser: Any, api: Any) -> None:
    page = await browser.get("/en/orders")

    assert (page.status, page.headers["location"]) == (303, "/en/sign-in?next=/orders")

    api.on(
        "POST /v1/sessions",
        {"account": ME},
        status=201,
        headers={"Set-Cookie": "__Host-halles-session=x; Path=/; Secure"},
    )
    signed = await browser.post("/sign-in", {"email": "a@b.fr", "password": "p", "next": "/orders"})

    assert (signed.status, signed.headers["location"]) == (303, "/orders?ok=signed-in")
    assert signed.cookies == ["__Host-halles-session=x; Path=/; Secure"]


async def test_a_dead_session_leads_to_sign_in_and_its_cookie_goes(browser: Any, api: Any) -> None:
    api.refuse("GET /v1/me", 401, "session-expired")

    page = await browser.get("/orders", headers=SESSION)

    assert page.status == 303
    assert any("__Host-halles-session=" in cookie and "Max-Age=0" in cookie for cookie in page.cookies)


async def test_wrong_password_is_said_in_the_readers_language(browser: Any, api: Any) -> None:
    api.refuse("POST /v1/sessions", 401, "wrong-credentials")

    french = await browser.post("/sign-in", {"email": "a@b.fr", "password": "geheim"})
    english = await browser.post("/en/sign-in", {"email": "a@b.fr", "password": "geheim"})

    assert french.status == 401
    assert "n’est pas correct" in french.text
    assert "is not right" in english.text
    assert 'value="a@b.fr"' in french.text
    assert "geheim" not in french.text


async def test_violations_stand_beside_their_field(browser: Any, api: Any) -> None:
    error = {"pointer": "/password", "code": "password-too-short", "detail": "English"}
    api.refuse("POST /v1/accounts", 422, "password-refused", error)

    page = await browser.post("/sign-up", {"email": "a@b.fr", "password": "x", "display_name": "Ada"})

    assert page.status == 422
    assert re.search('id="e-f-password">.*<span>Choisissez un mot de passe plus long', page.text)
    assert 'aria-invalid="true"' in page.text
    assert "English</span>" not in page.text


async def test_forms_of_other_sites_are_refused(browser: Any, api: Any) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        page = await browser.post("/cart/lines", {"offer_id": "off_1"}, headers={**SESSION, **headers})
        assert page.status == 403

    assert api.asked == []


async def test_adding_counts_on_top_of_what_is_in_the_cart(browser: Any, api: Any) -> None:
    ready_to_buy(api)
    api.on("PUT /v1/cart/lines/off_1", CART, headers={"Set-Cookie": "__Host-halles-cart=c; Path=/; Secure"})
    api.on("DELETE /v1/cart/lines/off_1", CART)

    added = await browser.post("/cart/lines", {"offer_id": "off_1", "quantity": "2", "add": "1"})
    removed = await browser.post("/cart/lines", {"offer_id": "off_1", "quantity": "5", "remove": "1"})

    assert api.bodies("PUT /v1/cart/lines/off_1") == [{"quantity": 3}]
    assert added.headers["location"] == "/cart?ok=added"
    assert "__Host-halles-cart=c; Path=/; Secure" in added.cookies
    assert any(cookie.startswith("__Host-halles-basket=1;") for cookie in added.cookies), "the header's count"
    assert removed.headers["location"] == "/cart?ok=removed"


async def test_checkout_sends_the_key_of_its_form(browser: Any, api: Any) -> None:
    ready_to_buy(api)
    api.on("POST /v1/checkouts", {"order_id": "ord_1", "status": "action-required"})

    shown = await browser.get("/checkout", headers=SESSION)
    ordered = await browser.post("/checkout", FORM, headers=SESSION)

    assert "12,50" in shown.text and "Chez Lou" in shown.text
    assert ordered.headers["location"] == "/orders/ord_1/bank"
    [asked] = [headers for method, path, headers, _ in api.asked if method == "POST"]
    assert (asked["Idempotency-Key"], asked["Prefer"]) == ("key-of-this-form", "wait=15")
    assert api.bodies("POST /v1/checkouts")[0]["shipping_address"] == ADDRESS


@pytest.mark.parametrize(("status", "code", "is_same"), [(503, "unavailable", True), (409, "cart-changed", False)])
async def test_a_retry_keeps_the_key_and_a_new_cart_gets_a_new_one(
    browser: Any, api: Any, *, status: int, code: str, is_same: bool
) -> None:
    ready_to_buy(api)
    api.refuse("POST /v1/checkouts", status, code, {"pointer": "/lines/off_1", "code": "price-changed", "detail": ""})

    page = await browser.post("/checkout", FORM, headers=SESSION)

    assert page.status == status
    assert ('value="key-of-this-form"' in page.text) is is_same
    assert "Le prix a changé." in page.text
    assert 'value="1 rue"' in page.text


async def test_the_api_away_is_a_page_with_a_way_on(browser: Any, api: Any) -> None:
    api.refuse("GET /v1/products/prd_1", 503, "unavailable")

    page = await browser.get("/products/prd_1")

    assert page.status == 503
    assert "Une partie du marché ne répond pas" in page.text
    assert "req_1" in page.text


async def test_search_away_still_shows_something_to_buy(browser: Any, api: Any) -> None:
    card = {"product_id": "prd_1", "title": {"fr": "Miel", "en": "Honey"}, "image_url": None, "price_from": EURO}
    api.refuse("GET /v1/search", 503, "search-unavailable")
    api.on("GET /v1/products", {"items": [{**card, "offer_count": 1, "available": True}], "next": None})

    page = await browser.get("/search?q=miel")

    assert page.status == 503
    assert "La recherche est momentanément" in page.text
    assert "/products/prd_1" in page.text


async def test_shops_and_operations_do_not_exist_for_others(browser: Any, api: Any) -> None:
    api.on("GET /v1/me", ME)

    for path in ("/sell/sel_1/orders", "/operator", "/operator/orders/ord_1"):
        assert (await browser.get(path, headers=SESSION)).status == 404, path


async def test_the_api_learns_who_visits(browser: Any, api: Any) -> None:
    await browser.get("/cart", headers={"User-Agent": "Test/1", "X-Forwarded-For": "6.6.6.6", **SESSION})

    _, _, headers, _ = api.asked[0]
    assert headers["X-Forwarded-For"] == "127.0.0.1", "nobody is trusted unless named"
    assert headers["User-Agent"] == "Test/1"
    assert headers["Cookie"] == "__Host-halles-session=s3cret"


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "https://evil.example", "evil", ""])
def test_the_way_back_never_leaves_the_site(path: str) -> None:
    assert safe_next(path) == "/"


def test_prices_as_people_type_them() -> None:
    assert [minor_units(text) for text in ("12", "12,5", "12.50", "1 234,00 €", "0,05")] == [
        1200,
        1250,
        1250,
        123400,
        5,
    ]
    assert [minor_units(text) for text in ("", "abc", "1,234", "-1", "1e3")] == [-1] * 5
    assert (whole("7"), whole("7.5"), whole("-1")) == (7, -1, -1)


OWNER = {
    **ME,
    "sellers": [{"seller_id": "sel_1", "handle": "lou", "name": "Chez Lou", "role": "owner", "status": "open"}],
}
LISTING = {f"{name}_{code}": "x" for name in ("title", "description", "label") for code in ("fr", "en")}
LISTING |= {"category_id": "cat_1", "amount": "12,50", "stock": "3", "handling_days": "2", "condition": "new"}


async def test_an_offer_that_is_refused_does_not_make_the_product_twice(browser: Any, api: Any) -> None:
    category = {"category_id": "cat_1", "parent_id": None, "slug": "c", "name": {"fr": "C", "en": "C"}, "position": 0}
    api.on("GET /v1/me", OWNER)
    api.on("GET /v1/categories", {"items": [category]})
    api.on("POST /v1/sellers/sel_1/products", {"variants": [{"variant_id": "var_1"}]}, status=201)
    api.refuse("POST /v1/sellers/sel_1/offers", 409, "shop-not-open")

    refused = await browser.post("/sell/sel_1/offers/new", LISTING, headers=SESSION)
    api.on("POST /v1/sellers/sel_1/offers", {"offer_id": "off_1"}, status=201)
    again = await browser.post("/sell/sel_1/offers/new", {**LISTING, "variant_id": "var_1"}, headers=SESSION)

    assert refused.status == 409
    assert 'name="variant_id" value="var_1"' in refused.text
    assert again.headers["location"] == "/sell/sel_1/offers?ok=saved"
    assert len(api.bodies("POST /v1/sellers/sel_1/products")) == 1
    assert api.bodies("POST /v1/sellers/sel_1/offers")[1]["price"] == {"amount": 1250, "currency": "EUR"}


async def test_fields_in_two_languages_are_marked_one_by_one(browser: Any, api: Any) -> None:
    api.on("GET /v1/me", OWNER)
    api.on("GET /v1/categories", {"items": []})
    error = {"pointer": "/variants/0/label/en", "code": "string-too-short", "detail": ""}
    api.refuse("POST /v1/sellers/sel_1/products", 422, "invalid-request", error)

    page = await browser.post("/sell/sel_1/offers/new", LISTING, headers=SESSION)

    assert 'id="e-f-label_en"' in page.text
    assert 'id="e-f-label_fr"' not in page.text
