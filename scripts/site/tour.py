"""One tour through all pages of a running market: each opened once in French, its source read once in English."""

import asyncio
from dataclasses import dataclass, field

from playwright.async_api import Browser

from halles_local.client.session import Market
from scripts.site.browser import window
from scripts.site.places import PEOPLE, Place, Who, places
from scripts.site.source import links
from scripts.site.visit import Visit, read, visit


@dataclass(slots=True)
class Tour:
    """``opened``: pages as a browser showed them (French); ``sources``: the same pages' English sources."""

    site: str
    opened: list[Visit] = field(default_factory=list)
    sources: list[Visit] = field(default_factory=list)
    dead_links: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[Visit]:
        return [*self.opened, *self.sources]


async def tour(browser: Browser, market: Market) -> Tour:
    """Go everywhere, two people at a time."""
    found = Tour(market.stack.ports.public_url("web"))
    gate, everywhere = asyncio.Semaphore(2), await places(market)

    async def as_one(who: Who) -> None:
        async with gate:
            await _walk(browser, market, who, [place for place in everywhere if place.who == who], found)

    await asyncio.gather(*(as_one(who) for who in PEOPLE))
    return found


async def _walk(browser: Browser, market: Market, who: Who, mine: list[Place], found: Tour) -> None:
    context = await window(browser, market, who, asks_consent=who == "visitor")
    visits = [await visit(context, found.site, place) for place in mine]
    sources = [await read(context, found.site, place, language="en") for place in mine]
    found.opened += visits
    found.sources += sources
    known = {place.path for place in mine} | {f"/en{place.path}" for place in mine}
    for path in sorted({path for seen in (*visits, *sources) for path in links(seen)} - known):
        answer = await context.request.get(found.site + path, max_redirects=0)
        if answer.status >= 400:
            found.dead_links.append(f"{who}: {path} answers {answer.status}")
        await answer.dispose()
    await context.close()
