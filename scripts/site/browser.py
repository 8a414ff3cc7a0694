"""Debian's Chromium with one window per person."""

import contextlib
import shutil
from collections.abc import AsyncIterator
from typing import Any

from playwright.async_api import Browser, BrowserContext, async_playwright

from halles_local.client.session import Market
from scripts.site.places import Who, credentials, for_a_cart

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SHIFTS = """
window.hallesShift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.hallesShift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
"""Adds up how much of a page moved after it was painted."""


@contextlib.asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The browser; raises ``LookupError`` when it is not installed."""
    program = shutil.which("chromium")
    if program is None:
        raise LookupError("Chromium is missing: run `make setup-browser`")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        try:
            yield browser
        finally:
            await browser.close()


async def window(
    browser: Browser, market: Market, who: Who, *, asks_consent: bool = False, **options: Any
) -> BrowserContext:
    """A window of its own, signed in unless ``who`` is a visitor, with a filled cart if they buy; the question about statistics is
    answered with no."""
    size = {"width": 1280, "height": 900}
    context = await browser.new_context(**{"viewport": size, "locale": "fr-FR", "reduced_motion": "reduce", **options})
    await context.add_init_script(SHIFTS)
    site = market.stack.ports.public_url("web")
    if not asks_consent:
        address = site.replace("http:", "https:")
        await context.add_cookies([{"name": "__Host-halles-consent", "value": "no", "url": address, "secure": True}])
    if who != "visitor":
        email, password = credentials(market, who)
        page = await context.new_page()
        await page.goto(f"{site}/sign-in")
        await page.fill('form[action$="/sign-in"] [name=email]', email)
        await page.fill('form[action$="/sign-in"] [name=password]', password)
        await page.press('form[action$="/sign-in"] [name=password]', "Enter")
        await page.locator('form[action$="/sign-out"]').first.wait_for(state="attached")
        await page.close()
    if who in ("visitor", "buyer"):
        for offer_id in await for_a_cart(market):
            form: dict[str, str | float | bool] = {"offer_id": offer_id, "quantity": "1"}
            await context.request.post(f"{site}/cart/lines", form=form, max_redirects=0)
    return context
