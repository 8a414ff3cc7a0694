"""The search index: how French and English are read, and which fields there are.

A document is a product with its active offers nested, so that filters on price, seller and stock hold for one and the same
offer, and facets count products. ``words_fr`` and ``words_en`` are the copied fields that a first pass searches.
"""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class IndexNames:
    """Aliases of the two indices; behind them are ``products-v<n>`` and ``shops-v<n>``. ``prefix`` sets markets apart."""

    prefix: str = ""

    @property
    def products(self) -> str:
        return f"{self.prefix}products"

    @property
    def shops(self) -> str:
        return f"{self.prefix}shops"

    def bodies(self) -> dict[str, dict[str, Any]]:
        """Settings and mappings by alias."""
        return {self.products: products_body(), self.shops: shops_body()}


_FRENCH_STOP = "_french_"
_ENGLISH_STOP = "_english_"


def _synonyms(language: str) -> list[str]:
    lines = (files("catalog.adapters") / f"synonyms_{language}.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _analysis() -> dict[str, Any]:
    return {
        "filter": {
            "fr_elision": {
                "type": "elision",
                "articles_case": True,
                "articles": ["l", "m", "t", "qu", "n", "s", "j", "d", "c", "jusqu", "quoiqu", "lorsqu", "puisqu"],
            },
            "fr_stop": {"type": "stop", "stopwords": _FRENCH_STOP},
            "fr_stem": {"type": "stemmer", "language": "light_french"},
            "fr_synonyms": {"type": "synonym_graph", "synonyms": _synonyms("fr"), "lenient": False},
            "en_possessive": {"type": "stemmer", "language": "possessive_english"},
            "en_stop": {"type": "stop", "stopwords": _ENGLISH_STOP},
            "en_stem": {"type": "stemmer", "language": "light_english"},
            "en_synonyms": {"type": "synonym_graph", "synonyms": _synonyms("en"), "lenient": False},
        },
        "analyzer": {
            "fr_index": _analyzer("fr_elision", "lowercase", "fr_stop", "fr_stem", "asciifolding"),
            "fr_search": _analyzer("fr_elision", "lowercase", "fr_synonyms", "fr_stop", "fr_stem", "asciifolding"),
            "en_index": _analyzer("en_possessive", "lowercase", "en_stop", "en_stem", "asciifolding"),
            "en_search": _analyzer("en_possessive", "lowercase", "en_synonyms", "en_stop", "en_stem", "asciifolding"),
            "prefix": _analyzer("fr_elision", "lowercase", "asciifolding"),
        },
    }


def _analyzer(*filters: str) -> dict[str, Any]:
    return {"type": "custom", "tokenizer": "standard", "filter": list(filters)}


def _words(language: str) -> dict[str, Any]:
    return {"type": "text", "analyzer": f"{language}_index", "search_analyzer": f"{language}_search"}


def _title(language: str) -> dict[str, Any]:
    return {
        **_words(language),
        "copy_to": f"words_{language}",
        "fields": {"typing": {"type": "search_as_you_type", "analyzer": "prefix", "max_shingle_size": 2}},
    }


def _settings() -> dict[str, Any]:
    return {"number_of_shards": 1, "auto_expand_replicas": "0-1", "analysis": _analysis()}


def products_body() -> dict[str, Any]:
    """Settings and mappings of a products index. ``versions`` holds the sequence of each part of a document."""
    keyword, number, text = {"type": "keyword"}, {"type": "long"}, {"type": "object", "enabled": False}
    offer = {
        "offer_id": {"type": "keyword", "index": False},
        "seller_id": keyword,
        "price": number,
        "currency": {"type": "keyword", "index": False},
        "available": number,
    }
    properties = {
        "product_id": keyword,
        "is_sold": {"type": "boolean"},
        "category_path": keyword,
        "title": {"properties": {"fr": _title("fr"), "en": _title("en")}},
        "description": {
            "properties": {lang: {"type": "text", "index": False, "copy_to": f"words_{lang}"} for lang in ("fr", "en")}
        },
        "variants": {
            "properties": {lang: {"type": "text", "index": False, "copy_to": f"words_{lang}"} for lang in ("fr", "en")}
        },
        "words_fr": _words("fr"),
        "words_en": _words("en"),
        "image_url": {"type": "keyword", "index": False, "doc_values": False},
        "images": text,
        "listed_at": {"type": "date"},
        "rating_count": number,
        "rating_hundredths": number,
        "offers": {"type": "nested", "properties": offer},
        "versions": text,
    }
    return {"settings": _settings(), "mappings": {"dynamic": "strict", "properties": properties}}


def shops_body() -> dict[str, Any]:
    """Settings and mappings of a shops index."""
    properties = {
        "seller_id": {"type": "keyword"},
        "handle": {"type": "keyword"},
        "name": {"type": "search_as_you_type", "analyzer": "prefix", "max_shingle_size": 2},
        "is_open": {"type": "boolean"},
    }
    return {"settings": _settings(), "mappings": {"dynamic": "strict", "properties": properties}}
