"""Makers near a postal code, results on the map, and where a new shop stands."""

import re
from typing import Any

import pytest

from web.departments import department_of, kilometres, spot_of

SHOPS = {
    "items": [
        {
            "seller_id": f"sel_{name}", "handle": name, "name": name.title(), "town": town, "latitude": latitude,
            "longitude": longitude,
        }
        for name, town, latitude, longitude in (
            ("yann", "Douarnenez", 48_093_000, -4_329_000),
            ("camille", "Thônes", 45_881_000, 6_325_000),
        )
    ],
    "next": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "found"), [("74230", "74"), (" 69002 ", "69"), ("20200", "20"), ("97400", ""), ("x", "")]
)
def test_a_postal_code_names_its_department(typed: str, found: str) -> None:
    assert department_of(typed) == found


def test_distances_are_told_in_tens() -> None:
    lyon = spot_of("69")
    assert lyon is not None
    assert kilometres(lyon, 48_857_000, 2_352_000) == 390, "from Lyon to Paris"
    assert kilometres(lyon, 45_764_000, 4_836_000) == 0


async def test_the_nearest_come_first_and_the_department_is_remembered(browser: Any, api: Any) -> None:
    api.on("GET /v1/sellers", SHOPS)

    shown = await browser.get("/shops?near=74230")
    [kept] = [cookie.partition(";")[0] for cookie in shown.cookies if "-near=" in cookie]
    home = await browser.get("/", headers={"Cookie": kept})
    unknown = await browser.get("/shops?near=97400")

    assert kept == "__Host-halles-near=74", "not the postal code itself"
    for page in (shown.text, home.text):
        assert re.findall(r'class="name" href="/shops/(\w+)"', page) == ["camille", "yann"]
        assert "à 20 km environ" in page
    assert "Artisans près de chez vous" in home.text
    assert 'id="e-near"' in unknown.text


async def test_results_on_the_map_lead_to_each_shops_part(browser: Any, api: Any) -> None:
    label = {"fr": "Yann", "en": "Yann"}
    item = {
        "product_id": "prd_1", "title": label, "price_from": {"amount": 100, "currency": "EUR"}, "offer_count": 1,
        "available": True, "rating": None, "sellers": [],
    }  # fmt: skip
    facets = {"category": [], "seller": [{"value": "sel_yann", "label": label, "count": 7}]}
    api.on("GET /v1/sellers", SHOPS)
    api.on("GET /v1/search", {"items": [item], "total": 7, "corrected": None, "facets": facets})

    page = await browser.get("/search?q=beurre&view=map")
    again = await browser.get("/search?q=beurre", headers={"Cookie": "__Host-halles-view=map"})

    assert page.text.count('href="/search?q=beurre&amp;seller=sel_yann"') == 2, "a dot and a row"
    assert any(cookie.startswith("__Host-halles-view=map;") for cookie in page.cookies)
    assert "results-map" in again.text
    assert "Douarnenez" in page.text and "7 produits" in page.text


async def test_a_new_shop_stands_in_its_department_unless_it_says_where(browser: Any, api: Any) -> None:
    me = {"email": "a@b.fr", "display_name": "Ada", "roles": ["buyer"], "sellers": []}
    api.on("GET /v1/me", me)
    api.on("GET /v1/notifications", {"unread": 0, "items": []})
    api.on("POST /v1/sellers", {}, status=201)
    form = {
        "name": "Lou",
        "handle": "lou",
        "postal_code": "69001",
        "town": "Lyon",
        "description_fr": "x",
        "description_en": "x",
    }
    signed_in = {"Cookie": "__Host-halles-session=s"}

    await browser.post("/sell/register", form, headers=signed_in)
    await browser.post("/sell/register", {**form, "latitude": "45,77", "longitude": "4.83"}, headers=signed_in)

    rough, exact = api.bodies("POST /v1/sellers")
    assert (rough["latitude"], rough["longitude"]) == ("45.764", "4.836")
    assert (exact["latitude"], exact["longitude"]) == ("45.77", "4.83")
