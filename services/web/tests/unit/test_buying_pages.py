"""Consent, visits, the basket's count, sitemap, structured data: what the market's pages add to the API."""

import json
import re
from typing import Any

from web.drawings import drawn_bars
from web.geography import on_map
from web.languages import Language
from web.stations import way_of

VISIT = "vis_" + "0" * 32
PRODUCT = {
    "product_id": "prd_1",
    "title": {"fr": "Miel </script>", "en": "Honey"},
    "description": {"fr": "Doux", "en": "Mild"},
    "category_path": [],
    "image_url": None,
    "variants": [
        {
            "variant_id": "var_1",
            "label": {"fr": "500 g", "en": "500 g"},
            "offers": [
                {
                    "offer_id": "off_1",
                    "seller_id": "sel_1",
                    "price": {"amount": 1205, "currency": "EUR"},
                    "available": 3,
                    "condition": "new",
                    "handling_days": 2,
                }
            ],
        }
    ],
    "reviews": None,
    "sellers": {"sel_1": {"handle": "lou", "name": "Chez Lou"}},
    "partial": [],
}


def cookie(**values: str) -> dict[str, str]:
    return {"Cookie": "; ".join(f"__Host-halles-{name}={value}" for name, value in values.items())}


async def test_nothing_is_counted_without_consent(browser: Any, api: Any) -> None:
    api.on("GET /v1/products/prd_1", PRODUCT)
    api.on("POST /v1/activity", {"visit_id": VISIT}, status=202)

    asked = await browser.get("/products/prd_1")
    declined = await browser.get("/products/prd_1", headers=cookie(consent="no", visit=VISIT))
    await browser.get("/search?q=miel", headers=cookie(consent="no", visit=VISIT))

    assert 'id="consent"' in asked.text
    assert 'id="consent"' not in declined.text
    assert api.bodies("POST /v1/activity") == []
    assert all("Halles-Visit" not in headers for _, _, headers, _ in api.asked)


async def test_with_consent_a_visit_begins_and_goes_on(browser: Any, api: Any) -> None:
    api.on("GET /v1/products/prd_1", PRODUCT)
    api.on("POST /v1/activity", {"visit_id": VISIT}, status=202)

    first = await browser.get("/products/prd_1", headers=cookie(consent="yes"))
    await browser.get("/products/prd_1", headers=cookie(consent="yes", visit=VISIT))
    await browser.get("/search?q=miel", headers=cookie(consent="yes", visit=VISIT))

    assert any(text.startswith(f"__Host-halles-visit={VISIT};") for text in first.cookies)
    told = {"page": "product", "object_id": "prd_1", "consent": True}
    assert api.bodies("POST /v1/activity")[:2] == [told, {**told, "visit_id": VISIT}]
    [search] = [headers for _, path, headers, _ in api.asked if path.startswith("/v1/search?q=miel")]
    assert search["Halles-Visit"] == VISIT


async def test_consent_is_remembered_and_can_be_taken_back(browser: Any, api: Any) -> None:
    agreed = await browser.post("/preferences", {"consent": "yes", "next": "/search?q=miel"})
    taken_back = await browser.post("/preferences", {"consent": "ask"}, headers=cookie(consent="yes", visit=VISIT))

    assert (agreed.status, agreed.headers["location"]) == (303, "/search?q=miel")
    [kept] = agreed.cookies
    assert "consent=yes" in kept and "HttpOnly" in kept and "Secure" in kept and "SameSite=lax" in kept
    assert len([text for text in taken_back.cookies if "Max-Age=0" in text]) == 2, "the answer and the visit"


async def test_the_chosen_light_is_in_the_page_before_any_script(browser: Any, api: Any) -> None:
    dark = await browser.get("/", headers=cookie(theme="dark"))
    odd = await browser.get("/", headers=cookie(theme='"><script>'))

    assert '<html lang="fr" data-theme="dark">' in dark.text
    assert '<html lang="fr">' in odd.text


async def test_adding_by_script_answers_with_a_toast_and_the_count(browser: Any, api: Any) -> None:
    line = {"offer_id": "off_1", "quantity": 2}
    api.on("GET /v1/cart", {"sellers": []})
    api.on("PUT /v1/cart/lines/off_1", {"sellers": [{"lines": [line]}]})

    form = {"offer_id": "off_1", "quantity": "2", "add": "1"}
    added = await browser.post("/cart/lines", form, headers={"HX-Request": "true"})
    api.refuse("PUT /v1/cart/lines/off_1", 409, "not-enough-stock")
    refused = await browser.post("/cart/lines", form, headers={"HX-Request": "true"})

    assert added.status == 200
    assert 'hx-swap-oob="true"' in added.text and re.search(r'class="tally">2<', added.text)
    assert "<html" not in added.text
    assert "Il reste moins de pièces" in refused.text


async def test_a_guests_cart_moves_to_the_account_and_its_cookie_goes(browser: Any, api: Any) -> None:
    api.on("GET /v1/me", {"email": "a@b.fr", "display_name": "Ada", "roles": ["buyer"], "sellers": []})
    api.on("GET /v1/notifications", {"unread": 4, "items": []})
    api.on("GET /v1/cart", {"sellers": [{"lines": [{"quantity": 3}]}]})

    page = await browser.get("/", headers=cookie(session="s", cart="guest"))

    assert any(text.startswith('__Host-halles-cart="";') and "Max-Age=0" in text for text in page.cookies)
    assert any(text.startswith("__Host-halles-basket=3;") for text in page.cookies)
    assert re.search(r'class="tally">4<', page.text), "unread news"


async def test_structured_data_cannot_leave_its_element(browser: Any, api: Any) -> None:
    api.on("GET /v1/products/prd_1", PRODUCT)

    page = await browser.get("/products/prd_1")

    [text] = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page.text, re.DOTALL)
    product, crumbs = json.loads(text)
    assert product["name"] == "Miel </script>"
    assert product["offers"][0]["price"] == "12.05"
    assert product["offers"][0]["seller"]["name"] == "Chez Lou"
    assert crumbs["itemListElement"][0]["item"] == "http://site.test/"


async def test_search_engines_are_told_what_is_public(browser: Any, api: Any) -> None:
    api.on(
        "GET /v1/categories", {"items": [{"category_id": "c", "parent_id": None, "slug": "miel", "name": {"fr": "M"}}]}
    )
    api.on("GET /v1/products", {"items": [{"product_id": "prd_1"}], "next": None})
    api.on("GET /v1/sellers", {"items": [{"handle": "lou"}], "next": None})
    api.on("GET /v1/products/prd_1", PRODUCT)

    robots, sitemap = await browser.get("/robots.txt"), await browser.get("/sitemap.xml")
    product, search = await browser.get("/en/products/prd_1"), await browser.get("/sign-in")

    assert "Disallow: /en/checkout" in robots.text
    assert (await browser.get("/offline.js")).headers["content-type"].startswith("text/javascript")
    assert "Pas de connexion" in (await browser.get("/offline")).text
    assert "<loc>http://site.test/en/products/prd_1</loc>" in sitemap.text
    assert 'hreflang="en" href="http://site.test/en/shops/lou"' in sitemap.text
    assert '<link rel="canonical" href="http://site.test/en/products/prd_1">' in product.text
    assert '<meta name="robots" content="noindex">' in search.text


async def test_files_are_kept_for_ever_and_compressed(browser: Any, api: Any) -> None:
    page = await browser.get("/")
    address = re.search(r'href="(/static/[0-9a-f]+/halles.css)"', page.text)
    assert address is not None

    sheet, stale = await browser.get(address[1]), await browser.get("/static/000000000000/halles.css")

    assert sheet.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert sheet.headers["content-encoding"] == "gzip"
    assert stale.status == 404
    for font in re.findall(r'url\("(/static/[^"]+)"\)', sheet.text):
        assert (await browser.http.get(browser.url + font)).status == 200


async def test_the_design_page_is_for_developers(browser: Any, api: Any) -> None:
    for path in ("/_design", "/en/_design"):
        assert (await browser.get(path)).status == 200


def test_a_parcels_way_in_stations() -> None:
    french = Language("fr")
    timeline = [{"status": "shipped", "occurred_at": "2026-11-21T10:00:00Z"}]

    kinds = [kind for _, kind, _ in way_of({"status": "shipped", "timeline": timeline}, french)]
    days = [day for _, _, day in way_of({"status": "shipped", "timeline": timeline}, french)]
    lost = way_of({"status": "lost", "timeline": []}, french)
    done = way_of({"status": "delivered", "timeline": []}, french)

    assert kinds == ["done", "now", "", ""]
    assert days == ["", "21 nov.", "", ""]
    assert lost[2][1] == "bad" and lost[3][1] == ""
    assert {kind for _, kind, _ in done} == {"done"}


def test_drawings_fit_their_numbers() -> None:
    drawn = drawn_bars([("a", 50, "50"), ("b", 100, "100"), ("c", 0, "0")])
    heights = [bar.height for bar in drawn.bars]

    assert heights[1] == 2 * heights[0] > 0 and heights[2] == 0
    assert drawn_bars([]).bars == []


def test_towns_lie_on_the_map_or_nowhere() -> None:
    paris, nice = on_map(48_856_000, 2_352_000), on_map("43.70", "7.26")

    assert paris is not None and nice is not None
    assert nice.x > paris.x and nice.y > paris.y
    assert on_map("64.1", "-21.9") is None and on_map("north", None) is None
