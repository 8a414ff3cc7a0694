"""People in front of the site: one browser for all of them, a window for each, and what they do more than once."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from halles_local.addresses import demo_accounts
from halles_local.client.outside import Outside
from halles_local.client.patience import until
from halles_local.client.session import Market, market
from halles_local.stack import Stack

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
MOST_STOPS = 90
expect.set_options(timeout=PATIENCE_MS)
DECLINED, ASKING = "pm_card_visa_chargeDeclined", "pm_card_threeDSecure2Required"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def place(stack: Stack) -> AsyncIterator[Market]:
    async with market(stack) as found:
        yield found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
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

    async def fill_address(self) -> None:
        for name, text in {"line1": "8 quai des Étroits", "postal_code": "69005", "city": "Lyon"}.items():
            await self.page.fill(f"[name={name}]", text)

    async def pass_the_bank(self) -> None:
        """Say yes on the bank's page, and come back to the order."""
        await self.page.wait_for_url("**/3ds/**")
        await self.page.click('button[value="complete"]')
        await self.page.wait_for_url("**/orders/ord_*")

    async def reach(self, selector: str) -> None:
        """Press Tab until the focus is on the element; there, or around it, something shows that it is."""
        for _ in range(MOST_STOPS):
            await self.page.keyboard.press("Tab")
            if await self.page.evaluate("s => document.activeElement.matches(s)", selector):
                shown = "e => [e, e.closest('li')].some(one => one && getComputedStyle(one).outlineStyle !== 'none')"
                assert await self.page.locator(":focus").evaluate(shown), f"the focus on {selector} cannot be seen"
                return
        raise AssertionError(f"{selector} cannot be reached with Tab")

    async def see(self, path: str, text: str) -> None:
        """Open a page again and again until it says this: projections follow in their own time."""

        async def look() -> bool:
            await self.open(path)
            return text in await self.page.locator("main").inner_text()

        await until(f"{text!r} on {path}", look)

    async def keep(self, name: str) -> None:
        """Keep a picture where HALLES_SCREENSHOTS says."""
        if folder := os.environ.get("HALLES_SCREENSHOTS"):
            await self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def window(
    browser: Browser, place: Market, *, width: int = 1280, consent: str = "no", has_script: bool = True
) -> Site:
    """A person's window. ``consent``: their answer to the question about statistics, or nothing when they shall be asked."""
    context = await browser.new_context(
        viewport={"width": width, "height": 900}, locale="fr-FR", java_script_enabled=has_script
    )
    if consent:
        url = place.stack.ports.public_url("web").replace("http:", "https:")
        await context.add_cookies([{"name": "__Host-halles-consent", "value": consent, "url": url, "secure": True}])
    return Site(await context.new_page(), place.stack.ports.public_url("web"), place.outside)


async def signed_in(browser: Browser, place: Market, **wanted: str) -> Site:
    """The window of the first demo account that has these values."""
    account = next(a for a in demo_accounts(place.stack) if all(a.get(key) == value for key, value in wanted.items()))
    site = await window(browser, place)
    await site.sign_in(account["email"], account["password"])
    return site


async def ship(browser: Browser, place: Market, shop: str, number: str) -> str:
    """The shop's owner ships the order by keyboard, in a window as narrow as a phone; returns the tracking number."""
    seller = await signed_in(browser, place, shop=shop)
    await seller.page.set_viewport_size({"width": 360, "height": 800})
    await seller.open("/sell")
    await seller.page.click('main a[href$="/orders"] >> nth=0')
    await seller.page.get_by_role("link", name=number, exact=True).click()
    await seller.keep(f"seller-order-{shop.split()[-1].lower()}")
    tracking = f"FR{uuid4().hex[:10].upper()}"
    await seller.reach("[name=carrier]")
    await seller.page.keyboard.type("colissimo")
    await seller.reach("[name=tracking_number]")
    await seller.page.keyboard.type(tracking)
    await seller.page.keyboard.press("Enter")
    await expect(seller.page.locator("main")).to_contain_text(tracking)
    assert seller.faults == []
    return tracking


async def number_of(order_page: Page) -> str:
    """The number that people know the order by, as its page says it."""
    return (await order_page.locator("h1").inner_text()).split()[-1]
