"""Pictures through the API: kept once, shown where the shop wants them, told to everybody, closed to other shops."""

import io
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from services.catalog.tests.factories import Market, words

from catalog.adapters.media_store import FolderStore, RemoteStore, media_store
from catalog.settings import Settings
from chassis.db import Database
from contracts.catalog import OfferState, ShopState
from testkit import ApiClient, emitted, seller
from testkit.api import Answer

JPEG = {"Content-Type": "image/jpeg"}


def jpeg(tint: int = 120) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (600, 400), (tint, 90, 60)).save(out, "JPEG")
    return out.getvalue()


def _files(settings: Settings) -> list[str]:
    return sorted(file.name for file in Path(urlsplit(settings.media_url).path).rglob("*.*"))


async def upload(api: ApiClient, seller_id: str, data: bytes, **headers: str) -> Answer:
    return await api.acting_as(seller(seller_id)).request(
        "POST", f"/v1/sellers/{seller_id}/media", content=data, headers=headers or JPEG
    )


async def kept(api: ApiClient, seller_id: str, tint: int = 120) -> str:
    answer = await upload(api, seller_id, jpeg(tint))
    assert answer.status == 201, answer.body
    return str(answer.json()["media_id"])


async def test_an_upload_is_kept_once_and_served_for_ever(api: ApiClient, market: Market, settings: Settings) -> None:
    shop = await market.open_shop()
    first = (await upload(api, shop, jpeg())).json()
    again = (await upload(api, shop, jpeg())).json()

    assert again == first
    assert [size["width"] for size in first["sizes"]] == [240, 480, 600]
    assert (first["width"], first["height"]) == (600, 400)
    nobody = api.acting_as(seller("sel_other"))
    served = await nobody.request("GET", first["sizes"][1]["url"])
    assert served.status == 200
    assert served.headers["content-type"] == "image/webp"
    assert "immutable" in served.headers["cache-control"]
    assert Image.open(io.BytesIO(served.body)).size == (480, 320)
    assert _files(settings) == ["240.webp", "480.webp", "600.webp"]
    for path in ("/media/" + "0" * 40 + "/480.webp", first["sizes"][0]["url"].replace("240", "241")):
        assert (await nobody.request("GET", path)).status == 404
    for path in ("/media/..%2f..%2fetc/480.webp", first["sizes"][0]["url"].replace("webp", "png")):
        assert (await nobody.request("GET", path)).status in (404, 422)


async def test_pictures_hang_on_the_product_its_offers_and_in_lists(
    api: ApiClient, market: Market, db: Database
) -> None:
    shop = await market.open_shop()
    category = await market.category("miels")
    one, two = await kept(api, shop, 10), await kept(api, shop, 20)
    images = [{"media_id": one, "alt": words("Un pot", "A jar")}, {"media_id": two, "alt": words("Détail", "Detail")}]
    attributes = [{"name": words("Origine", "Origin"), "value": words("Jura")}]
    product = await market.product(shop, category_id=category, images=images[:1], attributes=attributes)
    offer_id = await market.offer(shop, product["variants"][0]["variant_id"])
    assert [image["id"] for image in product["images"]] == [one]
    assert product["attributes"] == attributes
    await emitted(db, clear=True)

    owner = api.acting_as(seller(shop))
    path = f"/v1/sellers/{shop}/products/{product['product_id']}/images"
    changed = await owner.request("PUT", path, json={"images": [images[1], images[0]]})

    assert changed.status == 200, changed.body
    shown = changed.json()["images"]
    assert [(image["id"], image["alt"]["fr"]) for image in shown] == [(two, "Détail"), (one, "Un pot")]
    assert changed.json()["image_url"] == shown[0]["sizes"][1]["url"]
    [told] = await emitted(db)
    assert told.subject == offer_id
    assert isinstance(told.data, OfferState)
    assert [image.model_dump(mode="json") for image in told.data.images] == shown[:1]
    assert told.data.image_url == shown[0]["sizes"][1]["url"]
    [card] = (await owner.request("GET", "/v1/products")).json()["items"]
    assert card["images"] == shown[:1]
    bare = await owner.request("PUT", path, json={"images": []})
    assert (bare.json()["images"], bare.json()["image_url"]) == ([], None)


async def test_a_shop_has_a_logo_and_a_banner(api: ApiClient, market: Market, db: Database) -> None:
    shop = await market.open_shop(name="Le Rucher")
    logo, banner = await kept(api, shop, 10), await kept(api, shop, 20)
    owner = api.acting_as(seller(shop))

    dressed = await owner.request("PUT", f"/v1/sellers/{shop}/pictures", json={"logo": logo, "banner": banner})
    await owner.request("PUT", f"/v1/sellers/{shop}/pictures", json={"logo": logo, "banner": None})

    assert dressed.status == 200, dressed.body
    assert dressed.json()["banner"]["alt"] == words("Le Rucher")
    told = [(event.data, event.sequence) for event in await emitted(db) if isinstance(event.data, ShopState)]
    assert [(state.seller_id, sequence) for state, sequence in told] == [(shop, 1), (shop, 2)]
    assert [state.banner is None for state, _ in told] == [False, True]
    listed = (await owner.request("GET", f"/v1/shop-pictures?ids={shop},sel_nobody")).json()["items"]
    assert [(item["seller_id"], item["logo"]["id"], item["banner"]) for item in listed] == [(shop, logo, None)]


@pytest.mark.parametrize(
    ("headers", "data", "status", "code"),
    [
        ({"Content-Type": "application/json"}, b"{}", 422, "picture-refused"),
        (JPEG, b"<html>", 422, "picture-refused"),
        (JPEG, b"\xff\xd8" + bytes(10 * 1024 * 1024), 413, "picture-too-large"),
    ],
)
async def test_what_is_no_picture_is_refused(
    api: ApiClient, market: Market, headers: dict[str, str], data: bytes, status: int, code: str
) -> None:
    shop = await market.open_shop()
    answer = await upload(api, shop, data, **headers)
    assert (answer.status, answer.json()["code"]) == (status, code)


async def test_other_shops_pictures_and_products_do_not_exist(api: ApiClient, market: Market) -> None:
    mine, theirs = await market.open_shop("sel_mine"), await market.open_shop("sel_theirs")
    category = await market.category("miels")
    foreign = await kept(api, theirs)
    own = await kept(api, mine)
    product = await market.product(theirs, category_id=category)
    me = api.acting_as(seller(mine))

    async def put(path: str, body: Any) -> Answer:
        return await me.request("PUT", path, json=body)

    image = {"media_id": foreign, "alt": words("x")}
    assert (await upload(api.acting_as(seller(mine)), "sel_unheard", jpeg())).status == 404
    assert (await me.request("POST", f"/v1/sellers/{theirs}/media", content=jpeg(), headers=JPEG)).status == 404
    assert (await put(f"/v1/sellers/{theirs}/pictures", {"logo": None, "banner": None})).status == 404
    hang = f"/v1/sellers/{mine}/products/{product['product_id']}/images"
    assert (await put(hang, {"images": [{**image, "media_id": own}]})).status == 404
    refused = await put(hang, {"images": [image]})
    assert (refused.status, refused.json()["errors"][0]["pointer"]) == (422, "/images/0/media_id")
    refused = await put(f"/v1/sellers/{mine}/pictures", {"logo": foreign, "banner": None})
    assert (refused.status, refused.json()["errors"][0]["pointer"]) == (422, "/logo")
    twice = await put(hang, {"images": [{**image, "media_id": own}] * 2})
    assert twice.json()["errors"][0] == {
        "pointer": "/images/1/media_id",
        "code": "repeated",
        "detail": "Show each picture once.",
    }


async def test_a_folder_and_an_object_store_keep_alike(tmp_path: Path) -> None:
    folder = media_store((tmp_path / "a").as_uri())
    remote = RemoteStore("memory:///")
    assert isinstance(folder, FolderStore)
    assert isinstance(media_store("s3://bucket/media"), RemoteStore)
    for store in (folder, remote):
        assert await store.get("0f/0f3c/240.webp") is None
        await store.put("0f/0f3c/240.webp", b"one")
        await store.put("0f/0f3c/240.webp", b"one")
        assert await store.get("0f/0f3c/240.webp") == b"one"
