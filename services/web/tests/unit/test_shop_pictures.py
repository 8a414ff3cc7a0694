"""Pictures on their way from a shop's forms to the API, and the texts of the shop's profile."""

from typing import Any

import aiohttp

SELLER = "sel_1"
ME = {
    "account_id": "acc_1", "email": "a@b.fr", "display_name": "Ada", "locale": "fr", "verified": True,
    "roles": ["buyer", "seller-owner"],
    "sellers": [{"seller_id": SELLER, "handle": "lou", "name": "Lou", "role": "owner", "status": "open"}],
}  # fmt: skip
SIGNED_IN = {"Cookie": "__Host-halles-session=s"}
SIZES = [{"width": 240, "url": "/media/" + "0" * 40 + "/240.webp"}]
OLD = [
    {"id": f"med_{n}", "alt": {"fr": f"Vue {n}", "en": f"View {n}"}, "width": 240, "height": 240, "sizes": SIZES}
    for n in (1, 2, 3)
]
PRODUCT = {"product_id": "prd_1", "title": {"fr": "Miel", "en": "Honey"}, "images": OLD}
GALLERY = f"/sell/{SELLER}/products/prd_1/pictures"
SHOP = {
    "seller_id": SELLER, "handle": "lou", "name": "Lou", "town": "Lyon", "postal_code": "69001", "status": "open",
    "description": {"fr": "Des bols", "en": "Bowls"}, "story": None, "shipping_policy": {"fr": "Vite", "en": "Fast"},
    "returns_policy": None, "pictures": {"logo": OLD[0], "banner": OLD[1]},
}  # fmt: skip


def market(api: Any) -> None:
    api.on("GET /v1/me", ME)
    api.on("GET /v1/notifications", {"unread": 0, "items": []})
    api.on("GET /v1/products/prd_1", PRODUCT)
    api.on("PUT /v1/sellers/sel_1/products/prd_1/images", PRODUCT)
    api.on("POST /v1/sellers/sel_1/media", {"media_id": "med_9"}, status=201)
    api.on("GET /v1/sellers/sel_1", SHOP)
    api.on("PATCH /v1/sellers/sel_1", SHOP)
    api.on("PUT /v1/sellers/sel_1/pictures", {})


def form(fields: dict[str, str], **files: bytes) -> aiohttp.FormData:
    made = aiohttp.FormData()
    for name, value in fields.items():
        made.add_field(name, value)
    for name, content in files.items():
        made.add_field(name, content, filename=f"{name}.png", content_type="image/png")
    return made


async def test_a_gallery_is_ordered_described_taken_down_and_added_to(browser: Any, api: Any) -> None:
    market(api)
    fields = {
        "place-med_1": "2",
        "place-med_2": "1",
        "remove-med_3": "true",
        "alt_fr-med_1": "Un pot",
        "alt_en-med_1": "",
    }

    shown = await browser.get(GALLERY, headers=SIGNED_IN)
    saved = await browser.post(GALLERY, form(fields, pictures=b"the file itself"), headers=SIGNED_IN)

    assert shown.status == 200 and 'value="Vue 2"' in shown.text
    assert (saved.status, saved.headers["location"]) == (303, GALLERY + "?ok=saved")
    assert api.bodies("POST /v1/sellers/sel_1/media") == [b"the file itself"]
    assert api.bodies("PUT /v1/sellers/sel_1/products/prd_1/images") == [
        {
            "images": [
                {"media_id": "med_2", "alt": {"fr": "Vue 2", "en": "View 2"}},
                {"media_id": "med_1", "alt": {"fr": "Un pot", "en": "View 1"}},
                {"media_id": "med_9", "alt": PRODUCT["title"]},
            ]
        }
    ]


async def test_a_bad_picture_is_told_beside_its_field(browser: Any, api: Any) -> None:
    market(api)
    api.refuse("POST /v1/sellers/sel_1/media", 422, "picture-refused", {"pointer": "", "code": "too-small"})

    answer = await browser.post(GALLERY, form({}, pictures=b"x"), headers=SIGNED_IN)

    assert answer.status == 422
    assert 'id="e-f-pictures"' in answer.text and "200 pixels" in answer.text
    assert api.bodies("PUT /v1/sellers/sel_1/products/prd_1/images") == []


async def test_a_product_that_another_shop_described_keeps_its_pictures(browser: Any, api: Any) -> None:
    market(api)
    line = "PUT /v1/sellers/sel_1/products/prd_1/images"

    for refusal in ((404, "not-found"), (422, "invalid-request", {"pointer": "/images/0/media_id", "code": "unknown"})):
        api.refuse(line, *refusal)
        answer = await browser.post(GALLERY, form({}), headers=SIGNED_IN)
        assert answer.status == 409
        assert "elle seule en change les photos" in answer.text


async def test_the_profile_sends_policies_and_only_what_changed_of_the_pictures(browser: Any, api: Any) -> None:
    market(api)
    fields = {
        "name": "Lou", "town": "Lyon", "postal_code": "69001", "description_fr": "Des bols", "description_en": "Bowls",
        "story_fr": "", "story_en": "", "shipping_policy_fr": "Sous deux jours", "shipping_policy_en": "In two days",
    }  # fmt: skip
    path = f"/sell/{SELLER}/profile"

    shown = await browser.get(path, headers=SIGNED_IN)
    texts = await browser.post(path, form(fields), headers=SIGNED_IN)
    untouched = api.bodies("PUT /v1/sellers/sel_1/pictures")
    pictures = await browser.post(path, form({**fields, "remove_banner": "true"}, logo=b"x"), headers=SIGNED_IN)

    assert ">Vite</textarea>" in shown.text
    assert (texts.status, pictures.status) == (303, 303)
    sent = api.bodies("PATCH /v1/sellers/sel_1")[0]
    assert sent["shipping_policy"] == {"fr": "Sous deux jours", "en": "In two days"}
    assert "story" not in sent
    assert untouched == []
    assert api.bodies("PUT /v1/sellers/sel_1/pictures") == [{"logo": "med_9", "banner": None}]


async def test_only_forms_with_pictures_may_be_large(browser: Any, api: Any) -> None:
    market(api)
    large = b"x" * 300_000

    assert (await browser.post(GALLERY, form({}, pictures=large), headers=SIGNED_IN)).status == 303
    assert (await browser.post("/cart/lines", form({"offer_id": "x" * 300_000}), headers=SIGNED_IN)).status == 413
