"""Carts of guests and accounts over HTTP."""

from typing import Any

import pytest


def _quantities(cart: Any) -> dict[str, int]:
    return {line["offer_id"]: line["quantity"] for part in cart["sellers"] for line in part["lines"]}


async def test_lines_are_grouped_by_seller_with_exact_sums(world: Any) -> None:
    await world.sell(
        world.offer("off_1", price=333), world.offer("off_2", seller_id="sel_b"), world.offer("off_3", price=1)
    )
    for offer_id, quantity in (("off_1", 3), ("off_2", 1), ("off_3", 2)):
        await world.put(offer_id, quantity)

    cart = await world.cart()

    assert [(part["seller_id"], part["subtotal"]["amount"]) for part in cart["sellers"]] == [
        ("sel_a", 1001),
        ("sel_b", 1000),
    ]
    assert cart["total"] == {"amount": 2001, "currency": "EUR"}
    assert cart["sellers"][0]["lines"][0] == {
        "offer_id": "off_1",
        "product_id": "prd_off_1",
        "title": {"fr": "Théière off_1", "en": "Teapot off_1"},
        "variant": {"fr": "Bleu", "en": "Blue"},
        "image_url": "https://img.example/t.jpg",
        "quantity": 3,
        "unit_price": {"amount": 333, "currency": "EUR"},
        "amount": {"amount": 999, "currency": "EUR"},
        "available": 10,
        "problem": None,
    }
    assert "cart_token" not in cart


@pytest.mark.parametrize("quantity", [0, -1, 100, 10**9, 1.5, "2", True, None])
async def test_impossible_quantities_are_named(world: Any, quantity: Any) -> None:
    await world.sell(world.offer("off_1"))

    answer = await world.put("off_1", quantity)

    assert answer.status == 422
    assert [(e["pointer"]) for e in answer.json()["errors"]] == ["/quantity"]
    assert (await world.cart())["sellers"] == []


async def test_unknown_fields_are_refused(world: Any) -> None:
    await world.sell(world.offer("off_1"))

    answer = await world.as_buyer().request("PUT", "/v1/cart/lines/off_1", json={"quantity": 1, "price": 1})

    assert (answer.status, answer.json()["errors"][0]["pointer"]) == (422, "/price")


async def test_an_unknown_offer_is_not_found_and_leaves_no_cart(world: Any) -> None:
    answer = await world.put("off_nobody")

    assert (answer.status, answer.json()["code"]) == (404, "offer-not-found")
    assert await world.rows("SELECT * FROM carts") == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [({"status": "paused"}, "paused"), ({"status": "closed"}, "closed"), ({"available": 0}, "sold-out")],
)
async def test_what_cannot_be_sold_cannot_be_added_and_is_shown_on_the_line(
    world: Any, change: Any, problem: str
) -> None:
    await world.sell(world.offer("off_1"))
    await world.put("off_1", 2)

    await world.sell(world.offer("off_1", **change))

    (line,) = (await world.cart())["sellers"][0]["lines"]
    refused = await world.put("off_1", 1)
    assert line["problem"] == problem
    assert (refused.status, refused.json()["code"], refused.json()["problem"]) == (409, "offer-unavailable", problem)
    assert _quantities(await world.cart()) == {"off_1": 2}, "the refused change is not kept"


async def test_more_than_is_left_says_how_much_is_left(world: Any) -> None:
    await world.sell(world.offer("off_1", available=3))

    answer = await world.put("off_1", 4)

    assert (answer.status, answer.json()["code"], answer.json()["available"]) == (409, "not-enough-stock", 3)


async def test_a_cart_holds_a_hundred_different_offers(world: Any) -> None:
    await world.sell(*[world.offer(f"off_{n:03}") for n in range(101)])
    await world.put("off_000")
    (cart,) = await world.rows("SELECT cart_id FROM carts")
    await world.execute(
        "INSERT INTO cart_lines SELECT %s, offer_id, 1, price, currency, 1 FROM offers WHERE offer_id BETWEEN 'off_001' AND 'off_099'",
        cart["cart_id"],
    )

    answer = await world.put("off_100")

    assert (answer.status, answer.json()["code"]) == (409, "cart-full")
    assert len(_quantities(await world.cart())) == 100


async def test_a_changed_price_is_told_once_and_counts_as_shown(world: Any) -> None:
    await world.sell(world.offer("off_1", price=1000))
    before = (await world.put("off_1", 1)).json()
    await world.sell(world.offer("off_1", price=1200))

    told, after = await world.cart(), await world.cart()

    assert told["sellers"][0]["lines"][0]["problem"] == "price-changed"
    assert [notice["code"] for notice in told["notices"]] == ["price-changed"]
    assert told["version"] == after["version"] > before["version"]
    assert (after["notices"], after["sellers"][0]["lines"][0]["problem"]) == ([], None)
    assert after["total"]["amount"] == 1200


async def test_dropping_a_line_twice_is_harmless(world: Any) -> None:
    await world.sell(world.offer("off_1"))
    await world.put("off_1")

    first = await world.as_buyer().request("DELETE", "/v1/cart/lines/off_1")
    again = await world.as_buyer().request("DELETE", "/v1/cart/lines/off_1")

    assert (first.json()["sellers"], again.json()["version"]) == ([], first.json()["version"])


async def test_a_guest_gets_a_token_that_only_its_hash_remembers(world: Any) -> None:
    await world.sell(world.offer("off_1"))

    made = (await world.put("off_1", 2, by=world.as_guest())).json()
    token = made["cart_token"]
    changed = (await world.put("off_1", 3, by=world.as_guest(), token=token)).json()

    assert len(token) >= 40
    assert "cart_token" not in changed
    assert _quantities(await world.cart(by=world.as_guest(), token=token)) == {"off_1": 3}
    assert (await world.cart(by=world.as_guest()))["sellers"] == []
    rows = await world.rows("SELECT * FROM carts")
    assert token not in str(rows)
    assert len(rows) == 1


async def test_a_token_that_we_did_not_make_opens_no_cart(world: Any) -> None:
    await world.sell(world.offer("off_1"))

    made = (await world.put("off_1", by=world.as_guest(), token="chosen-by-the-guest")).json()

    assert made["cart_token"] != "chosen-by-the-guest"
    assert (await world.cart(by=world.as_guest(), token="chosen-by-the-guest"))["sellers"] == []


async def test_signing_in_brings_the_guests_lines_along_once(world: Any) -> None:
    await world.sell(world.offer("off_1", available=4), world.offer("off_2"), world.offer("off_3"))
    await world.put("off_1", 3)
    await world.put("off_3", 1)
    token = (await world.put("off_1", 2, by=world.as_guest())).json()["cart_token"]
    await world.put("off_2", 1, by=world.as_guest(), token=token)

    merged = await world.cart(token=token)
    again = await world.cart(token=token)

    assert _quantities(merged) == _quantities(again) == {"off_1": 4, "off_2": 1, "off_3": 1}
    assert [(n["code"], n["offer_id"]) for n in merged["notices"]] == [("quantity-reduced", "off_1")]
    assert again["notices"] == []
    assert len(await world.rows("SELECT * FROM carts")) == 1


async def test_merging_into_no_cart_takes_the_guests_over(world: Any) -> None:
    await world.sell(world.offer("off_1"))
    token = (await world.put("off_1", 2, by=world.as_guest())).json()["cart_token"]

    assert _quantities(await world.cart(token=token)) == {"off_1": 2}
    assert (await world.rows("SELECT account_id FROM carts")) == [{"account_id": "acc_buyer"}]


async def test_carts_of_accounts_are_apart(world: Any) -> None:
    await world.sell(world.offer("off_1"))
    await world.put("off_1", by=world.as_buyer("acc_1"))

    assert (await world.cart(by=world.as_buyer("acc_2")))["sellers"] == []


async def test_idle_guest_carts_are_forgotten(world: Any) -> None:
    await world.sell(world.offer("off_1"))
    await world.put("off_1", by=world.as_guest())
    await world.put("off_1")
    await world.execute("UPDATE carts SET updated_at = clock_timestamp() - interval '31 days'")

    await world.loops["guest-carts"]._work()

    assert await world.rows("SELECT account_id FROM carts") == [{"account_id": "acc_buyer"}]


async def test_a_caller_without_a_token_is_refused(world: Any) -> None:
    answer = await world.api.request("GET", "/v1/cart")

    assert answer.status == 401
