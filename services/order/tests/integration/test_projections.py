"""The market as this service knows it: duplicates, delays and old news change nothing."""

from typing import Any

from testkit import deliver


async def _offer(world: Any, offer_id: str) -> Any:
    (row,) = await world.rows("SELECT * FROM offers WHERE offer_id = %s", offer_id)
    return row


async def test_the_newest_state_of_a_batch_wins_whatever_its_order(world: Any) -> None:
    told = [(world.offer("off_1", price=price), "off_1", price) for price in (300, 100, 200)]

    await deliver(world.db, world.market, told)

    assert (await _offer(world, "off_1"))["price"] == 300


async def test_old_news_after_new_changes_nothing(world: Any) -> None:
    await deliver(world.db, world.market, [(world.offer("off_1", available=0), "off_1", 9)])

    await deliver(world.db, world.market, [(world.offer("off_1", available=7), "off_1", 8)])

    row = await _offer(world, "off_1")
    assert (row["available"], row["sequence"]) == (0, 9)


async def test_a_replayed_state_is_taken_and_is_harmless(world: Any) -> None:
    state = (world.offer("off_1", price=500), "off_1", 3)

    await deliver(world.db, world.market, [state], replay=True)
    await deliver(world.db, world.market, [state], replay=True)

    assert (await _offer(world, "off_1"))["price"] == 500


async def test_everything_that_a_sale_needs_is_kept(world: Any) -> None:
    await world.sell(world.offer("off_1", seller_id="sel_z", price=1234, available=5))

    row = await _offer(world, "off_1")

    del row["sequence"]
    assert row == {
        "offer_id": "off_1",
        "product_id": "prd_off_1",
        "variant_id": "var_off_1",
        "sku": "SKU-off_1",
        "seller_id": "sel_z",
        "category_id": "cat_tea",
        "status": "active",
        "title_fr": "Théière off_1",
        "title_en": "Teapot off_1",
        "variant_fr": "Bleu",
        "variant_en": "Blue",
        "image_url": "https://img.example/t.jpg",
        "price": 1234,
        "currency": "EUR",
        "available": 5,
    }


async def test_a_suspended_shop_sells_nothing_until_it_opens_again(world: Any) -> None:
    await world.sell(world.offer("off_1"))
    await world.shop_is("sel_a", "suspended")
    refused = await world.put("off_1")
    await world.shop_is("sel_a", "open")

    accepted = await world.put("off_1")

    assert (refused.status, refused.json()["code"], refused.json()["problem"]) == (
        409,
        "offer-unavailable",
        "shop-closed",
    )
    assert accepted.status == 200
