"""Every page of the site as a browser sees it: nobody kept out, nothing complained of, nothing from elsewhere, valid, light, in one language.

Not collected by `make test`: `make site-check` names it, because a browser opens some forty pages here.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterable
from io import BytesIO
from pathlib import Path

import pytest
import pytest_asyncio
from babel.messages.pofile import read_po
from scripts.site.browser import chromium
from scripts.site.places import forgotten
from scripts.site.source import faults_of_markup, faults_of_metadata, text_of
from scripts.site.tour import Tour, tour
from scripts.site.visit import Visit

import web
from halles_local.client.session import market
from halles_local.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.timeout(1200)]
HEAVIEST = 120 * 1024
MOST_SHIFT = 0.02
PAGES_OF_REFUSAL = {"/nowhere": 404}
UNREADABLE = "Failed to load resource: the server responded with a status of 404"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def seen(stack: Stack) -> AsyncIterator[Tour]:
    async with market(stack) as place, chromium() as browser:
        yield await tour(browser, place)


def faults(visits: Iterable[Visit], look: Callable[[Visit], Iterable[str]]) -> list[str]:
    return [f"{seen.language} {seen.place.path}: {fault}" for seen in visits for fault in look(seen)]


def test_every_address_is_looked_at() -> None:
    assert forgotten() == []


async def test_every_page_answers(seen: Tour) -> None:
    wrong = [
        (visit.language, visit.place.path, visit.status)
        for visit in seen.all
        if visit.status != PAGES_OF_REFUSAL.get(visit.place.pattern, 200)
    ]

    assert wrong == []
    assert seen.dead_links == []


async def test_nobody_is_kept_out(seen: Tour) -> None:
    assert faults(seen.opened, lambda visit: visit.barriers) == []


async def test_browsers_complain_of_nothing(seen: Tour) -> None:
    def complaints(visit: Visit) -> list[str]:
        is_refusal = visit.place.pattern in PAGES_OF_REFUSAL
        return [text for text in visit.complaints if not (is_refusal and text.startswith(UNREADABLE))]

    assert faults(seen.opened, complaints) == []
    assert faults(seen.opened, lambda visit: visit.foreign) == []


async def test_pages_are_light_and_keep_still(seen: Tour) -> None:
    heavy = {visit.place.path: visit.bytes for visit in seen.opened if visit.weight > HEAVIEST}
    moving = {visit.place.path: visit.shift for visit in seen.opened if visit.shift > MOST_SHIFT}

    assert heavy == {}
    assert moving == {}


async def test_markup_is_valid(seen: Tour) -> None:
    assert faults(seen.all, faults_of_markup) == []


async def test_search_engines_find_what_they_read(seen: Tour) -> None:
    assert faults(seen.all, lambda visit: faults_of_metadata(visit, seen.site)) == []


async def test_each_page_speaks_one_language(seen: Tour) -> None:
    """No sentence of the catalogue stands in its English form on a French page, or in its French form on an English one."""
    pairs = [
        (str(message.id), str(message.string))
        for message in read_po(BytesIO((Path(web.__file__).parent / "locales" / "fr.po").read_bytes()))
        if isinstance(message.id, str)
        and len(message.id) > 14
        and "%(" not in message.id
        and message.id != message.string
    ]

    def other(visit: Visit) -> list[str]:
        text = text_of(visit)
        foreign = [french if visit.language == "en" else english for english, french in pairs]
        return [sentence for sentence in foreign if re.search(rf"(?<!\w){re.escape(sentence)}(?!\w)", text)]

    assert faults(seen.all, other) == []
