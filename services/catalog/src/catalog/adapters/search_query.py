"""What is sent to the engine. The ranking weights stand here.

The words are the query; filters are applied after the facets were counted (``post_filter``), and each facet applies all filters
but its own, so that choosing a second value of a facet shows what it would add.
"""

from typing import Any

from catalog.domain.search import SearchQuery, Sort

TITLE_WEIGHT = 3.0
"""How much more a word in the title counts than one in the rest."""
EXACT_WEIGHT = 10.0
"""In the second pass: how far words as typed come before near spellings."""
FUZZINESS = "AUTO:4,8"
"""One slip from 4 letters on, two from 8 on."""
NEAR_ENOUGH = "2<75%"
"""In the second pass: up to two words all must be found, of more three quarters."""

PRICE_STEPS = (0, 1000, 2500, 5000, 10000)
"""Lower bounds of the price ranges, in minor units."""
RATING_STEPS = (4, 3, 2, 1)
_MOST_VALUES = 200
_SHOWN = ["product_id", "title", "image_url", "images", "offers", "rating_count", "rating_hundredths"]
Clause = dict[str, Any]


def search_body(query: SearchQuery, *, is_near: bool, max_total: int, has_facets: bool = True) -> dict[str, Any]:
    """The whole request. ``is_near`` makes it the second pass, which forgives typing mistakes."""
    sold: list[Clause] = [{"term": {"is_sold": True}}]
    chosen = _product_filters(query) + _offer_filter(query)
    body = {
        "query": {"bool": {"must": _words(query, is_near=is_near), "filter": sold if has_facets else sold + chosen}},
        "sort": _sort(query),
        "from": query.offset,
        "size": query.limit,
        "track_total_hits": max_total,
        "_source": _SHOWN,
    }
    return body | {"post_filter": _all(chosen), "aggs": _facets(query)} if has_facets else body


def _words(query: SearchQuery, *, is_near: bool) -> list[Clause]:
    if not query.text:
        return []
    exact = _exact(query)
    if not is_near:
        return [exact]
    near = {
        "multi_match": {
            "query": query.text,
            "fields": ["words_fr", "words_en"],
            "fuzziness": FUZZINESS,
            "prefix_length": 1,
            "minimum_should_match": NEAR_ENOUGH,
        }
    }
    return [{"bool": {"should": [{"bool": {"must": exact, "boost": EXACT_WEIGHT}}, near], "minimum_should_match": 1}}]


def _exact(query: SearchQuery) -> Clause:
    language = query.language.value
    title = {"match": {f"title.{language}": {"query": query.text, "boost": TITLE_WEIGHT}}}
    words = {"match": {f"words_{language}": {"query": query.text, "operator": "and"}}}
    return {"bool": {"must": words, "should": title}}


def _product_filters(query: SearchQuery, *, without: str = "") -> list[Clause]:
    clauses: dict[str, Clause] = {}
    if query.category_id:
        clauses["category"] = {"term": {"category_path": query.category_id}}
    if query.min_rating:
        clauses["rating"] = {"range": {"rating_hundredths": {"gte": query.min_rating * 100}}}
    return [clause for name, clause in clauses.items() if name != without]


def _offer_clauses(query: SearchQuery, *, without: str = "") -> list[Clause]:
    clauses: dict[str, Clause] = {}
    if query.seller_ids:
        clauses["seller"] = {"terms": {"offers.seller_id": list(query.seller_ids)}}
    bounds = {"gte": query.min_price, "lte": query.max_price}
    if bounds := {name: bound for name, bound in bounds.items() if bound is not None}:
        clauses["price"] = {"range": {"offers.price": bounds}}
    if query.in_stock:
        clauses["in_stock"] = {"range": {"offers.available": {"gt": 0}}}
    return [clause for name, clause in clauses.items() if name != without]


def _offer_filter(query: SearchQuery) -> list[Clause]:
    clauses = _offer_clauses(query)
    return [{"nested": {"path": "offers", "query": _all(clauses)}}] if clauses else []


def _facets(query: SearchQuery) -> Clause:
    ranges = [{"from": low, **({"to": high} if high else {})} for low, high in price_ranges()]
    stars = [{"key": str(step), "from": step * 100} for step in RATING_STEPS]
    return {
        "found": {"filter": {"match_all": {}}},
        "category": _of_products(query, "category", {"terms": {"field": "category_path", "size": _MOST_VALUES}}),
        "rating": _of_products(query, "rating", {"range": {"field": "rating_hundredths", "ranges": stars}}),
        "seller": _of_offers(query, "seller", {"terms": {"field": "offers.seller_id", "size": _MOST_VALUES}}),
        "price": _of_offers(query, "price", {"range": {"field": "offers.price", "ranges": ranges}}),
        "in_stock": _of_offers(query, "in_stock", {"range": {"field": "offers.available", "ranges": [{"from": 1}]}}),
    }


def price_ranges() -> list[tuple[int, int | None]]:
    """Lower (included) and upper bound (excluded) of each price range."""
    return list(zip(PRICE_STEPS, (*PRICE_STEPS[1:], None), strict=True))


def _of_products(query: SearchQuery, name: str, values: Clause) -> Clause:
    filters = _product_filters(query, without=name) + _offer_filter(query)
    return {"filter": _all(filters), "aggs": {"values": values}}


def _of_offers(query: SearchQuery, name: str, values: Clause) -> Clause:
    counted = {**values, "aggs": {"products": {"reverse_nested": {}}}}
    fitting = {"filter": _all(_offer_clauses(query, without=name)), "aggs": {"values": counted}}
    offers = {"nested": {"path": "offers"}, "aggs": {"fitting": fitting}}
    return {"filter": _all(_product_filters(query)), "aggs": {"offers": offers}}


def _all(clauses: list[Clause]) -> Clause:
    return {"bool": {"filter": clauses}} if clauses else {"match_all": {}}


def _sort(query: SearchQuery) -> list[Clause | str]:
    nested = {"path": "offers", "filter": _all(_offer_clauses(query))}
    newest: list[Clause | str] = [{"listed_at": "desc"}, "product_id"]
    match query.sort:
        case Sort.PRICE:
            return [{"offers.price": {"order": "asc", "mode": "min", "nested": nested}}, "product_id"]
        case Sort.PRICE_DOWN:
            return [{"offers.price": {"order": "desc", "mode": "min", "nested": nested}}, "product_id"]
        case Sort.RATING:
            best: list[Clause | str] = [{"rating_hundredths": {"order": "desc", "missing": "_last"}}]
            return [*best, {"rating_count": {"order": "desc", "missing": "_last"}}, *newest]
        case Sort.NEWEST:
            return newest
        case Sort.RELEVANCE:
            return ["_score", *newest]


def product_suggestion_body(text: str, language: str, *, limit: int) -> dict[str, Any]:
    """Products whose title has words that begin like what is being typed."""
    field = f"title.{language}.typing"
    words = {
        "multi_match": {
            "query": text,
            "type": "bool_prefix",
            "operator": "and",
            "fields": [field, f"{field}._2gram"],
        }
    }
    sold = {"term": {"is_sold": True}}
    return {"query": {"bool": {"must": words, "filter": sold}}, "size": limit, "_source": ["product_id", "title"]}


def shop_suggestion_body(text: str, *, limit: int) -> dict[str, Any]:
    """Open shops whose name has words that begin like what is being typed."""
    words = {
        "multi_match": {"query": text, "type": "bool_prefix", "operator": "and", "fields": ["name", "name._2gram"]}
    }
    is_open = {"term": {"is_open": True}}
    return {"query": {"bool": {"must": words, "filter": is_open}}, "size": limit}
