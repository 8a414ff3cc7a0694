"""Searching: a lean first pass; only when it finds little, a second one that forgives typing mistakes."""

import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from opensearchpy import AsyncOpenSearch
from opensearchpy.exceptions import NotFoundError

from catalog.adapters.index_schema import IndexNames
from catalog.adapters.opensearch import away_as
from catalog.adapters.search_answer import read_result, read_suggestions, words_found
from catalog.adapters.search_query import product_suggestion_body, search_body, shop_suggestion_body
from catalog.domain.errors import SearchUnavailable
from catalog.domain.search import MAX_WINDOW, Language, SearchQuery, SearchResult, Suggestions

FEW_HITS = 3
"""With fewer products than this for the words, the second pass runs."""
_SUGGESTED_PRODUCTS, _SUGGESTED_SHOPS = 6, 3
_REMEMBERED_LETTERS, _REMEMBERED, _REMEMBERED_SECONDS = 4, 2000, 30.0


class IndexReader:
    """Implements ``ports.SearchReader``. Suggestions of short beginnings are kept in memory for some seconds."""

    def __init__(self, engine: AsyncOpenSearch, names: IndexNames, *, timeout_seconds: float) -> None:
        self._engine = engine
        self._names = names
        self._options = {"request_timeout": timeout_seconds}
        self._known: OrderedDict[tuple[str, str], tuple[float, Suggestions]] = OrderedDict()

    async def search(self, query: SearchQuery) -> SearchResult:
        body = search_body(query, is_near=False, max_total=MAX_WINDOW)
        async with _away():
            answer = await self._engine.search(index=self._names.products, body=body, params=self._options)
            found = words_found(answer)
            if not query.text or found >= FEW_HITS:
                return read_result(answer, query, is_corrected=False)
            near = search_body(query, is_near=True, max_total=MAX_WINDOW)
            answer = await self._engine.search(index=self._names.products, body=near, params=self._options)
        return read_result(answer, query, is_corrected=found == 0 and words_found(answer) > 0)

    async def suggest(self, text: str, *, language: Language) -> Suggestions:
        key = (language.value, text.casefold())
        if len(text) > _REMEMBERED_LETTERS:
            return await self._ask(text, language)
        kept = self._known.get(key)
        if kept is None or kept[0] < time.monotonic():
            kept = (time.monotonic() + _REMEMBERED_SECONDS, await self._ask(text, language))
            self._known[key] = kept
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return kept[1]

    async def _ask(self, text: str, language: Language) -> Suggestions:
        lines = [
            {"index": self._names.products},
            product_suggestion_body(text, language.value, limit=_SUGGESTED_PRODUCTS),
            {"index": self._names.shops},
            shop_suggestion_body(text, limit=_SUGGESTED_SHOPS),
        ]
        async with _away():
            answer = await self._engine.msearch(body=lines, params=self._options)
        products, shops = answer["responses"]
        if "error" in products or "error" in shops:
            raise SearchUnavailable("The search index is not there yet. Try again in a moment.")
        return read_suggestions(products, shops)


@asynccontextmanager
async def _away() -> AsyncIterator[None]:
    """A missing index is also an engine that is not ready."""
    try:
        async with away_as(SearchUnavailable):
            yield
    except NotFoundError as error:
        raise SearchUnavailable("The search index is not there yet. Try again in a moment.") from error
