"""``make screenshots``: every page in both languages, three widths, light and dark, and sheets to look at them side by side."""

import asyncio
import html
import os
import shutil
from itertools import product
from pathlib import Path

from playwright.async_api import Browser, BrowserContext

from halles_local.client.session import Market, market
from halles_local.stack import Stack
from scripts.site.browser import chromium, window
from scripts.site.places import PEOPLE, Place, places

LANGUAGES = ("fr", "en")
WIDTHS = (360, 768, 1280)
SCHEMES = ("light", "dark")
_HEIGHT, _LONGEST = 900, 2600
_SHEET = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>body{{font:14px sans-serif;background:#777;margin:8px}}main{{display:flex;flex-wrap:wrap;gap:8px;align-items:flex-start}}
figure{{margin:0;background:#fff;padding:4px}}img{{display:block;width:{width}px}}figcaption{{padding:4px}}</style>
<h1>{title}</h1><main>{figures}</main></html>"""


async def main() -> None:
    """Take the pictures of the market at HALLES_HOME into its folder ``screenshots``. ONLY=/sell: addresses that contain it."""
    stack = Stack.from_environment()
    folder = stack.home / "screenshots"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    async with market(stack) as place, chromium() as browser:
        wanted = os.environ.get("ONLY", "")
        everywhere = [one for one in await places(place) if wanted in one.pattern]
        for scheme in SCHEMES:
            for who in PEOPLE:
                context = await window(browser, place, who, color_scheme=scheme)
                for one in (one for one in everywhere if one.who == who):
                    await _pictures(context, one, scheme, folder=folder, market=place)
                await context.close()
        await _sheets(browser, everywhere, folder)
    print(f"{len(list(folder.glob('*/*.png')))} pictures and their sheets: {folder / 'index.html'}")


async def _pictures(context: BrowserContext, place: Place, scheme: str, *, folder: Path, market: Market) -> None:
    site, page = market.stack.ports.public_url("web"), await context.new_page()
    for language in LANGUAGES:
        prefix = "" if language == "fr" else f"/{language}"
        await page.goto(site + prefix + ("" if prefix and place.path == "/" else place.path), wait_until="load")
        for width in WIDTHS:
            await page.set_viewport_size({"width": width, "height": _HEIGHT})
            await page.evaluate("document.querySelectorAll('img[loading=lazy]').forEach(i => i.loading = 'eager')")
            height = min(_LONGEST, await page.evaluate("document.documentElement.scrollHeight"))
            into = folder / f"{language}-{width}-{scheme}"
            into.mkdir(exist_ok=True)
            clip = {"x": 0, "y": 0, "width": width, "height": height}
            await page.screenshot(path=into / f"{place.name}.png", full_page=True, clip=clip)  # type: ignore[arg-type]
    await page.close()


async def _sheets(browser: Browser, everywhere: list[Place], folder: Path) -> None:
    """An HTML page and a picture of it for each language, width and scheme."""
    page, links = await browser.new_page(viewport={"width": 2000, "height": 1200}), []
    for language, width, scheme in product(LANGUAGES, WIDTHS, SCHEMES):
        name = f"{language}-{width}-{scheme}"
        figures = "".join(
            f'<figure><img src="{name}/{one.name}.png" alt=""><figcaption>{html.escape(one.pattern)}</figcaption></figure>'
            for one in everywhere
        )
        sheet = folder / f"{name}.html"
        sheet.write_text(_SHEET.format(title=name, width={360: 230, 768: 380, 1280: 480}[width], figures=figures))
        await page.goto(sheet.as_uri(), wait_until="load")
        await page.screenshot(path=folder / f"{name}.png", full_page=True)
        links.append(f'<li><a href="{name}.html">{name}</a>')
    (folder / "index.html").write_text(
        f'<!doctype html><meta charset="utf-8"><title>Sheets</title><ul>{"".join(links)}</ul>'
    )
    await page.close()


if __name__ == "__main__":
    asyncio.run(main())
