"""Opens a page and notes what a person would not see: what it loaded, what it complained of, what moved, what axe finds."""

import gzip
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, Page, Request, Response

from scripts.site.places import Place

GRAVE = ("serious", "critical")
_CALM = "Promise.allSettled(document.getAnimations().map(one => one.finished)).then(() => null)"
"""Colours have stopped changing from light to dark."""
_CODE = ("document", "stylesheet", "script")


@dataclass(slots=True)
class Visit:
    """``bytes``: compressed size of what was loaded, by kind. ``shift``: Chromium's cumulative layout shift."""

    place: Place
    language: str
    status: int = 0
    html: str = ""
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    bytes: dict[str, int] = field(default_factory=dict)
    shift: float = 0.0
    barriers: list[str] = field(default_factory=list)

    @property
    def weight(self) -> int:
        """HTML, CSS and JavaScript in compressed bytes."""
        return sum(self.bytes.get(kind, 0) for kind in _CODE)


async def visit(context: BrowserContext, site: str, place: Place, *, allowed: tuple[str, ...] = ()) -> Visit:
    """Look at the page in light and in dark. ``allowed``: origins beside our own that it may load from."""
    found = Visit(place, "fr")
    page = await context.new_page()
    _listen(page, found, (site, *allowed, "data:", "blob:"))
    answer = await page.goto(site + place.path, wait_until="load")
    found.status = answer.status if answer else 0
    found.html = await answer.text() if answer else ""
    found.barriers = await _barriers(page, {})
    await page.emulate_media(color_scheme="dark")
    await page.evaluate(_CALM)
    found.barriers += await _barriers(page, {"runOnly": ["color-contrast"]})
    found.shift = await page.evaluate("window.hallesShift")
    await page.close()
    return found


async def read(context: BrowserContext, site: str, place: Place, *, language: str) -> Visit:
    """The page's source in a language, as the same person gets it, without opening it."""
    prefix = "" if language == "fr" else f"/{language}"
    answer = await context.request.get(site + prefix + ("" if prefix and place.path == "/" else place.path))
    return Visit(place, language, status=answer.status, html=await answer.text())


def _listen(page: Page, found: Visit, origins: tuple[str, ...]) -> None:
    async def weigh(answer: Response) -> None:
        kind = answer.request.resource_type
        if kind in (*_CODE, "font") and answer.ok:
            found.bytes[kind] = found.bytes.get(kind, 0) + len(gzip.compress(await answer.body(), 6))

    def requested(request: Request) -> None:
        if not request.url.startswith(origins):
            found.foreign.append(request.url)

    page.on("response", weigh)
    page.on("request", requested)
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.on("console", lambda told: found.complaints.append(told.text) if told.type in ("error", "warning") else None)


async def _barriers(page: Page, options: dict[str, Any]) -> list[str]:
    """Findings that keep people out: rule, element, and axe's reason."""
    result = await Axe().run(page, options={"resultTypes": ["violations"], **options})
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:160]} {node['failureSummary'].splitlines()[-1].strip()[:200]}"
        for rule in result.response["violations"]
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]
