"""The roads that most visitors take: lists, products, searches, suggestions, each in its plain shape (see ``edge.hot``)."""

import re
from collections.abc import Mapping

from catalog.api.pages import MOST_ITEMS
from catalog.api.products import listed
from catalog.domain.listing import MAX_PRICE_MINOR
from catalog.domain.search import Language, SearchQuery, Sort
from catalog.service.products import read_product
from catalog.service.search import Finder
from chassis.db import Database
from edge.auth import Guard, Principal
from edge.hot import Answer, HotRoute, Question, to_json

_ANYBODY = Guard()
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_LONGEST_CURSOR, _LONGEST_WORDS, _LONGEST_BEGINNING, _MOST_PAGES = 200, 200, 80, 10_000
_LIST = frozenset({"category", "seller", "cursor", "limit"})
_SEARCH = frozenset({"q", "lang", "category", "min_price", "max_price", "in_stock", "sort", "page", "limit"})
_SUGGESTIONS = frozenset({"q", "lang"})


class _Unusual(Exception):
    """A value that the ordinary route should look at."""


def routes(db: Database, finder: Finder) -> list[HotRoute]:
    """In front of the routes of ``products`` and ``search`` with the same paths."""
    given: tuple[tuple[str, frozenset[str], Answer], ...] = (
        ("/v1/products", _LIST, _list(db)),
        ("/v1/products/{product_id}", frozenset(), _product(db)),
        ("/v1/search", _SEARCH, _search(finder)),
        ("/v1/suggestions", _SUGGESTIONS, _suggestions(finder)),
    )
    return [
        HotRoute(method="GET", path=path, guard=_ANYBODY, parameters=parameters, answer=answer)
        for path, parameters, answer in given
    ]


def _list(db: Database) -> Answer:
    async def answer(question: Question, _: Principal) -> bytes | None:
        query = question.query
        try:
            category, seller = _id(query, "category"), _id(query, "seller")
            limit = _number(query, "limit", most=MOST_ITEMS) or 20
        except _Unusual:
            return None
        cursor = query.get("cursor")
        if cursor is not None and len(cursor) > _LONGEST_CURSOR:
            return None
        return to_json(await listed(db, category=category, seller=seller, cursor=cursor, limit=limit))

    return answer


def _product(db: Database) -> Answer:
    async def answer(question: Question, _: Principal) -> bytes | None:
        async with db.reading() as tx:
            return to_json(await read_product(tx, question.path_id))

    return answer


def _search(finder: Finder) -> Answer:
    async def answer(question: Question, _: Principal) -> bytes | None:
        try:
            query = _search_query(question.query)
        except _Unusual:
            return None
        return to_json(await finder.search(query))

    return answer


def _search_query(query: Mapping[str, str]) -> SearchQuery:
    return SearchQuery(
        text=_words(query, most=_LONGEST_WORDS).strip(),
        language=_language(query),
        category_id=_id(query, "category"),
        min_price=_number(query, "min_price", most=MAX_PRICE_MINOR),
        max_price=_number(query, "max_price", most=MAX_PRICE_MINOR),
        in_stock=_flag(query, "in_stock"),
        sort=_sort(query),
        page=_number(query, "page", most=_MOST_PAGES) or 1,
        limit=_number(query, "limit", most=MOST_ITEMS) or 24,
    )


def _suggestions(finder: Finder) -> Answer:
    async def answer(question: Question, _: Principal) -> bytes | None:
        try:
            text, language = _words(question.query, most=_LONGEST_BEGINNING), _language(question.query)
        except _Unusual:
            return None
        return to_json(await finder.suggest(text.strip(), language=language)) if text else None

    return answer


def _words(query: Mapping[str, str], *, most: int) -> str:
    text = query.get("q", "")
    if len(text) > most:
        raise _Unusual
    return text


def _id(query: Mapping[str, str], name: str) -> str | None:
    value = query.get(name)
    if value is not None and not _ID.fullmatch(value):
        raise _Unusual
    return value


def _number(query: Mapping[str, str], name: str, *, most: int) -> int | None:
    value = query.get(name)
    if value is None:
        return None
    if not _NUMBER.fullmatch(value) or int(value) > most:
        raise _Unusual
    return int(value)


def _flag(query: Mapping[str, str], name: str) -> bool:
    value = query.get(name, "false")
    if value not in ("true", "false"):
        raise _Unusual
    return value == "true"


def _language(query: Mapping[str, str]) -> Language:
    try:
        return Language(query.get("lang", Language.FR))
    except ValueError:
        raise _Unusual from None


def _sort(query: Mapping[str, str]) -> Sort:
    try:
        return Sort(query.get("sort", Sort.RELEVANCE))
    except ValueError:
        raise _Unusual from None
