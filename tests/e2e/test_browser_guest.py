"""People without an account: on a phone with a card that is declined, by keyboard alone, and without JavaScript."""

from uuid import uuid4

import pytest
from playwright.async_api import Browser, expect
from sites import ASKING, DECLINED, PASSWORD, number_of, signed_in, window

from halles_local.client.session import Market

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.timeout(150)]
TEA, SHOP = "tisane du soir", "Les Tisanes de Berthe"


async def test_a_guest_on_a_phone_is_declined_pays_with_another_card_and_keeps_the_order(
    browser: Browser, place: Market
) -> None:
    email = f"nora.{uuid4().hex[:8]}@courriel.example"
    guest = await window(browser, place, width=360, consent="yes")
    await guest.put_in_cart(TEA, SHOP)
    await guest.open("/cart")
    await guest.page.get_by_role("link", name="Passer la commande").click()
    await guest.page.fill("[name=email]", email)
    await guest.page.fill("[name=name]", "Nora Petit")
    await guest.fill_address()
    await guest.page.check(f'input[name="payment_method"][value="{DECLINED}"]')
    assert await guest.page.evaluate("document.documentElement.scrollWidth") == 360, "nothing sticks out on a phone"
    await guest.keep("guest-checkout")
    await guest.page.click('form[action="/checkout"] button')

    await expect(guest.page.locator(".state-declined")).to_be_visible()
    address = guest.page.url
    await guest.page.check(f'form[action$="/payment"] input[value="{ASKING}"]')
    await guest.page.click('form[action$="/payment"] button')
    await guest.pass_the_bank()
    await expect(guest.page.locator(".state-confirmed")).to_be_visible()
    assert guest.page.url.split("?")[0] == address.split("?")[0], "another card pays the same order"
    number = await number_of(guest.page)

    await guest.open("/account")
    await guest.page.fill("#keep [name=password]", PASSWORD)
    await guest.page.click("#keep button")
    await guest.open(f"/verify?token={await place.outside.token_for(email)}")
    await guest.send('form[action="/verify"]')
    await guest.sign_in(email, PASSWORD)
    await guest.see("/orders", number)
    assert guest.faults == []

    operator = await signed_in(browser, place, role="operator")
    await operator.see("/operator/orders", number)
    await operator.open("/operator")
    ways = operator.page.get_by_role("table", name="Visites par page").get_by_role("row")
    for page in ("Panier", "Adresse et carte", "Commande passée"):
        seen = ways.filter(has=operator.page.get_by_role("rowheader", name=page, exact=True)).locator("td").first
        assert int(await seen.inner_text()) > 0, f"the visit of the guest who agreed is not counted on {page}"
    assert operator.faults == []


async def test_the_keyboard_alone_buys(browser: Browser, place: Market) -> None:
    someone = await window(browser, place)
    page = someone.page
    await someone.open("/")
    await someone.reach("input[name=q]")
    await page.keyboard.type(TEA)
    await page.keyboard.press("Enter")
    await expect(page.locator("#results")).to_be_visible()
    await someone.reach(".card a")
    await page.keyboard.press("Enter")
    await expect(page.locator(".product")).to_be_visible()
    await someone.reach("article.offer.first form .button")
    await page.keyboard.press("Enter")
    await expect(page.locator("#toasts .toast")).to_be_visible()
    await someone.open("/checkout")
    for name, text in {
        "email": f"karim.{uuid4().hex[:8]}@courriel.example",
        "name": "Karim Benali",
        "line1": "8 quai des Étroits",
        "postal_code": "69005",
        "city": "Lyon",
    }.items():
        await someone.reach(f"main [name={name}]")
        await page.keyboard.type(text)
    await someone.reach("main [name=payment_method]")
    await someone.reach('form[action="/checkout"] .button.grand')
    await page.keyboard.press("Enter")
    await expect(page.locator(".state-confirmed")).to_be_visible()
    assert someone.faults == []


async def test_without_javascript_people_find_read_and_fill_the_cart(browser: Browser, place: Market) -> None:
    reader = await window(browser, place, has_script=False)
    await reader.open("/en")
    await reader.page.fill("main [name=q]", "evening infusion")
    await reader.page.click("main .find button")
    await reader.page.click(".card a >> nth=0")
    await expect(reader.page.locator(".product h1")).not_to_be_empty()
    await reader.page.click("article.offer.first form .button")
    await reader.open("/en/cart")
    await expect(reader.page.locator(".line")).to_have_count(1)
    await reader.open("/en/checkout")
    await expect(reader.page.locator("[name=email]")).to_be_visible()
