"""The main journey in headless Chromium: buy from two sellers, ship, and see the order's page move by itself."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from halles_local.addresses import demo_accounts
from halles_local.client.outside import Outside
from halles_local.client.session import Market, market
from halles_local.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.timeout(240)]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "trois-pommes-vertes-2026"
PATIENCE_MS = 20_000


@pytest_asyncio.fixture(loop_scope="session")
async def place() -> AsyncIterator[Market]:
    async with market(Stack.from_environment()) as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is missing: run `make setup-browser`"
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        await launched.close()


class Site:
    """Pages of one person in a browser window of their own. What goes wrong in a page fails the test."""

    def __init__(self, page: Page, address: str, outside: Outside) -> None:
        self.page = page
        self._address = address
        self._outside = outside
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda told: self.faults.append(told.text) if told.type == "error" else None)
        page.set_default_timeout(PATIENCE_MS)

    async def open(self, path: str) -> None:
        answer = await self.page.goto(self._address + path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"

    async def send(self, form: str, **fields: str) -> None:
        """Fill a form and press its button."""
        for name, value in fields.items():
            await self.page.fill(f"{form} [name={name}]", value)
        await self.page.click(f"{form} button:not(.plain):not(.link)")

    async def sign_up(self, name: str, email: str) -> None:
        await self.open("/sign-up")
        await self.send('form[action="/sign-up"]', display_name=name, email=email, password=PASSWORD)
        await self.open(f"/verify?token={await self._outside.token_for(email)}")
        await self.send('form[action="/verify"]')
        await self.sign_in(email, PASSWORD)

    async def sign_in(self, email: str, password: str) -> None:
        await self.open("/sign-in")
        await self.send('form[action="/sign-in"]', email=email, password=password)
        await expect(self.page.locator('form[action="/sign-out"]').first).to_be_attached()

    async def put_in_cart(self, query: str, seller: str) -> None:
        """Search as a person types, open the first hit, take the offer of this shop."""
        await self.open("/")
        await self.page.fill('[name="q"]', query)
        await self.page.press('[name="q"]', "Enter")
        await self.page.click(".card a >> nth=0")
        offer = self.page.locator("article.offer").filter(has_text=seller)
        await offer.get_by_role("button", name="Ajouter au panier").click()
        await expect(self.page.locator("#toasts .toast")).to_be_visible()

    async def keep(self, name: str) -> None:
        """Keep a picture where HALLES_SCREENSHOTS says."""
        if folder := os.environ.get("HALLES_SCREENSHOTS"):
            await self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def window(browser: Browser, place: Market, *, width: int = 1280, has_answered: bool = True) -> Site:
    context = await browser.new_context(viewport={"width": width, "height": 900}, locale="fr-FR")
    if has_answered:
        address = place.stack.ports.public_url("web").replace("http:", "https:")
        await context.add_cookies([{"name": "__Host-halles-consent", "value": "no", "url": address, "secure": True}])
    return Site(await context.new_page(), place.stack.ports.public_url("web"), place.outside)


async def test_buy_ship_and_see_it_move(browser: Browser, place: Market) -> None:
    buyer = await window(browser, place, has_answered=False)
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
    await buyer.page.fill('[name="line1"]', "8 quai des Étroits")
    await buyer.page.fill('[name="postal_code"]', "69005")
    await buyer.page.fill('[name="city"]', "Lyon")
    await buyer.page.check('input[name="payment_method"][value="pm_card_threeDSecure2Required"]')
    await buyer.keep("checkout")
    await buyer.page.click('form[action="/checkout"] button')
    await buyer.page.wait_for_url("**/3ds/**")
    await buyer.page.click('button[value="complete"]')
    await buyer.page.wait_for_url("**/orders/ord_*")
    await expect(buyer.page.locator(".state-confirmed")).to_be_visible()
    await buyer.keep("order-confirmed")
    order_id = buyer.page.url.split("/orders/")[1].split("?")[0].split("/")[0]

    numbers = [await ship(browser, place, shop, order_id) for shop in ("Le Rucher des Aravis", "Les Tisanes de Berthe")]
    for number in numbers:
        await expect(buyer.page.locator("main")).to_contain_text(number)
        for status in ("picked_up", "in_transit", "delivered"):
            await place.outside.scan(number, status)

    arrived = buyer.page.locator(".steps li.done", has_text="livré")
    await expect(arrived).to_have_count(2)
    await buyer.keep("order-delivered")
    assert buyer.faults == []


async def ship(browser: Browser, place: Market, shop: str, order_id: str) -> str:
    """The shop's owner ships the newest order on the site; returns the tracking number."""
    account = next(a for a in demo_accounts(place.stack) if a.get("shop") == shop)
    seller = await window(browser, place, width=360)
    await seller.sign_in(account["email"], account["password"])
    await seller.open("/sell")
    await seller.page.click('main a[href$="/orders"] >> nth=0')
    await seller.page.click('main a[href*="/orders/sor_"] >> nth=0')
    await seller.keep(f"seller-order-{shop.split()[-1].lower()}")
    tracking = f"FR{uuid4().hex[:10].upper()}"
    await seller.send('form[action$="/ship"]', carrier="colissimo", tracking_number=tracking)
    await expect(seller.page.locator("main")).to_contain_text(tracking)
    assert seller.faults == []
    return tracking
