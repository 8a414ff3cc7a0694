"""A shop's owner changes a price and a stock in place and hangs a picture; an operator decides about a new shop by keyboard."""

from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image
from playwright.async_api import Browser, expect
from sites import PASSWORD, signed_in

from halles_local.client.session import Market

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.timeout(120)]


async def test_a_price_a_stock_and_a_picture(browser: Browser, place: Market) -> None:
    seller = await signed_in(browser, place, shop="Le Rucher des Aravis")
    page = seller.page
    await seller.open("/sell?all=1")
    await page.click("main .rows a, main a[href^='/sell/sel_'] >> nth=0")
    await page.get_by_role("link", name="Offres", exact=True).click()
    row = page.locator(".offer-row").filter(has_text="Miel de châtaignier").first
    await row.locator("[name=price]").fill("13,40")
    await row.locator("[name=stock]").fill("57")
    await row.get_by_role("button", name="Enregistrer").click()
    await expect(row.locator(".saved")).to_be_visible()
    await expect(row.locator("[name=price]")).to_have_value("13,40")
    product = str(await row.locator(".main a").first.get_attribute("href"))

    await row.get_by_role("link", name="Photos").click()
    words = f"Le rucher vu du pré {uuid4().hex[:6]}"
    before = await page.locator(".pictures > li").count()
    await page.set_input_files("[name=pictures]", {"name": "pre.png", "mimeType": "image/png", "buffer": drawn()})
    await page.get_by_role("button", name="Enregistrer").click()
    await expect(page.locator(".pictures > li")).to_have_count(before + 1)
    await page.locator(".pictures > li").last.get_by_label("Ce que l’on voit, en français").fill(words)
    await page.get_by_role("button", name="Enregistrer").click()
    await expect(page.locator(".notice")).to_be_visible()

    await seller.open(product)
    await expect(page.locator(f'img[data-alt="{words}"]')).to_have_count(1)
    await expect(page.locator("article.offer").filter(has_text="Le Rucher des Aravis").first).to_contain_text("13,40")
    assert seller.faults == []


async def test_an_operator_opens_a_shop_by_keyboard(browser: Browser, place: Market) -> None:
    unique = uuid4().hex[:8]
    owner = await place.register(
        name="Élise Roux", email=f"elise.{unique}@courriel.example", password=PASSWORD, locale="fr"
    )
    words = {"fr": "Des paniers en osier.", "en": "Wicker baskets."}
    shop = {"handle": f"osier-{unique}", "name": f"Osier {unique}", "description": words, "town": "Lyon"}
    made = await owner.post(
        "/v1/sellers",
        {**shop, "postal_code": "69001", "country": "FR", "latitude": 45_760_000, "longitude": 4_830_000},
    )

    operator = await signed_in(browser, place, role="operator")
    await operator.open("/operator/sellers?status=pending")
    await operator.reach(f"#s-{made['seller_id']} .decide > form button")
    await operator.page.keyboard.press("Enter")
    await expect(operator.page.locator(".notice")).to_contain_text("La boutique est ouverte")
    await operator.see("/shops", shop["name"])
    assert operator.faults == []


def drawn() -> bytes:
    """A picture that nobody has uploaded before."""
    out = BytesIO()
    Image.new("RGB", (320, 320), f"#{uuid4().hex[:6]}").save(out, "PNG")
    return out.getvalue()
