"""Searching: a lean first pass; only when it finds little, a second one that forgives typing mistakes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from catalog.adapters.index_schema import IndexNames
from catalog.adapters.opensearch import Engine, NotThere, away_as
from catalog.adapters.search_answer import read_facets, read_result, read_suggestions, words_found
from catalog.adapters.search_query import product_suggestion_body, search_body, shop_suggestion_body
from catalog.adapters.short_memory import ShortMemory
from catalog.domain.errors import SearchUnavailable
from catalog.domain.search import MAX_WINDOW, Facets, Language, SearchQuery, SearchResult, Sort, Suggestions

FEW_HITS = 3
"""With fewer products than this for the words, the second pass runs."""
_SUGGESTED_PRODUCTS, _SUGGESTED_SHOPS = 6, 3
_SHORT_LETTERS = 4
"""Suggestions for this many letters are asked for all the time and kept for some seconds."""


class IndexReader:
    """Implements ``ports.SearchReader``.

    Kept in memory for some seconds: suggestions of short beginnings, and the facets of pages without words, which cost the
    engine a visit to every product. What is found is always fresh.
    """

    def __init__(self, engine: Engine, names: IndexNames, *, timeout_seconds: float) -> None:
        self._engine = engine
        self._names = names
        self._seconds = timeout_seconds
        self._suggestions = ShortMemory[Suggestions](size=2000, seconds=30.0)
        self._facets = ShortMemory[Facets](size=500, seconds=10.0)

    async def search(self, query: SearchQuery) -> SearchResult:
        if not query.text:
            return await self._browse(query)
        answer = await self._send(search_body(query, is_near=False, max_total=MAX_WINDOW))
        found = words_found(answer)
        if found >= FEW_HITS:
            return read_result(answer, query, facets=read_facets(answer), is_corrected=False)
        answer = await self._send(search_body(query, is_near=True, max_total=MAX_WINDOW))
        is_corrected = found == 0 and words_found(answer) > 0
        return read_result(answer, query, facets=read_facets(answer), is_corrected=is_corrected)

    async def suggest(self, text: str, *, language: Language) -> Suggestions:
        if len(text) > _SHORT_LETTERS:
            return await self._ask(text, language)
        return await self._suggestions.recall_or_ask((language, text.casefold()), lambda: self._ask(text, language))

    async def _browse(self, query: SearchQuery) -> SearchResult:
        filters = replace(query, language=Language.FR, sort=Sort.RELEVANCE, page=1, limit=1)
        known = self._facets.recall(filters)
        body = search_body(query, is_near=False, max_total=MAX_WINDOW, has_facets=known is None)
        answer = await self._send(body)
        facets = known or self._facets.keep(filters, read_facets(answer))
        return read_result(answer, query, facets=facets, is_corrected=False)

    async def _send(self, body: dict[str, Any]) -> dict[str, Any]:
        async with _away():
            answer: dict[str, Any] = await self._engine.call(
                "POST", f"{self._names.products}/_search", body, seconds=self._seconds
            )
        return answer

    async def _ask(self, text: str, language: Language) -> Suggestions:
        lines = [
            {"index": self._names.products},
            product_suggestion_body(text, language.value, limit=_SUGGESTED_PRODUCTS),
            {"index": self._names.shops},
            shop_suggestion_body(text, limit=_SUGGESTED_SHOPS),
        ]
        async with _away():
            answer = await self._engine.lines("_msearch", lines, seconds=self._seconds)
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
    except NotThere as error:
        raise SearchUnavailable("The search index is not there yet. Try again in a moment.") from error
