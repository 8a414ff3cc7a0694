"""The main journey in headless Chromium: buy from two sellers, see the parcels move by themselves, review, and be seen by the operator."""

from uuid import uuid4

import pytest
from playwright.async_api import Browser, expect
from sites import ASKING, number_of, ship, signed_in, window

from halles_local.client.session import Market

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.timeout(240)]


async def test_buy_ship_see_it_move_and_review(browser: Browser, place: Market) -> None:
    buyer = await window(browser, place, consent="")
    await buyer.open("/")
    await buyer.page.get_by_role("button", name="Refuser").click()
    await expect(buyer.page.locator("#consent")).to_have_count(0)
    await buyer.sign_up("Léa Fontaine", f"lea.{uuid4().hex[:8]}@courriel.example")
    await buyer.put_in_cart("miel de chataigner", "Le Rucher des Aravis")
    await buyer.put_in_cart("tisane du soir", "Les Tisanes de Berthe")
    await expect(buyer.page.locator("#basket .tally")).to_have_text("2")
    await buyer.open("/cart")
    await buyer.keep("cart")

    await buyer.open("/checkout")
    await buyer.fill_address()
    await buyer.page.check(f'input[name="payment_method"][value="{ASKING}"]')
    await buyer.keep("checkout")
    await buyer.page.click('form[action="/checkout"] button')
    await buyer.pass_the_bank()
    await expect(buyer.page.locator(".state-confirmed")).to_be_visible()
    await buyer.keep("order-confirmed")

    number = await number_of(buyer.page)
    shops = ("Le Rucher des Aravis", "Les Tisanes de Berthe")
    parcels = [await ship(browser, place, shop, number) for shop in shops]
    for parcel in parcels:
        await expect(buyer.page.locator("main")).to_contain_text(parcel)
        for status in ("picked_up", "in_transit", "delivered"):
            await place.outside.scan(parcel, status)
    arrived = buyer.page.locator(".steps li.done", has_text="livré")
    await expect(arrived).to_have_count(2)
    await buyer.keep("order-delivered")

    words = f"Comme à la ruche {uuid4().hex[:6]}"
    await buyer.see("/reviews", "Miel")
    article = buyer.page.locator("article.to-review").filter(has_text="Miel")
    await article.locator('input[name=rating][value="5"]').check()
    await article.locator("[name=title]").fill(words)
    product = await article.locator("h2 a").get_attribute("href")
    await article.get_by_role("button", name="Publier").click()
    await buyer.page.wait_for_url("**ok=reviewed")
    await buyer.see(str(product), words)
    assert buyer.faults == []

    operator = await signed_in(browser, place, role="operator")
    await operator.open("/operator/orders")
    await operator.page.get_by_role("link", name=number, exact=True).click()
    for shop in shops:
        await expect(operator.page.locator("main")).to_contain_text(shop)
    assert operator.faults == []
