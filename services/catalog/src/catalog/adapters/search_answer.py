"""What the engine answers, turned into our terms."""

from typing import Any

from catalog.adapters.search_query import price_ranges
from catalog.domain.search import (
    Bucket,
    Facets,
    Hit,
    OfferHit,
    ProductSuggestion,
    SearchQuery,
    SearchResult,
    ShopSuggestion,
    Suggestions,
)


def words_found(answer: dict[str, Any]) -> int:
    """Products that match the words, before filters."""
    return int(answer["aggregations"]["found"]["doc_count"])


def read_result(answer: dict[str, Any], query: SearchQuery, *, facets: Facets, is_corrected: bool) -> SearchResult:
    return SearchResult(
        hits=tuple(_hit(hit["_source"], query) for hit in answer["hits"]["hits"]),
        total=answer["hits"]["total"]["value"],
        facets=facets,
        is_corrected=is_corrected,
    )


def read_suggestions(products: dict[str, Any], shops: dict[str, Any]) -> Suggestions:
    found = [hit["_source"] for hit in products["hits"]["hits"]]
    open_shops = [hit["_source"] for hit in shops["hits"]["hits"]]
    return Suggestions(
        products=tuple(ProductSuggestion(source["product_id"], source["title"]) for source in found),
        shops=tuple(ShopSuggestion(shop["seller_id"], shop["handle"], shop["name"]) for shop in open_shops),
    )


def _hit(source: dict[str, Any], query: SearchQuery) -> Hit:
    offers = sorted((_offer(offer) for offer in source["offers"]), key=lambda offer: (offer.price, offer.offer_id))
    return Hit(
        product_id=source["product_id"],
        title=source["title"],
        image_url=source["image_url"],
        images=source.get("images", ()),
        offers=tuple(offer for offer in offers if _fits(offer, query)),
        rating_count=source.get("rating_count", 0),
        rating_hundredths=source.get("rating_hundredths", 0),
    )


def _offer(offer: dict[str, Any]) -> OfferHit:
    return OfferHit(
        offer_id=offer["offer_id"],
        seller_id=offer["seller_id"],
        price=offer["price"],
        currency=offer["currency"],
        available=offer["available"],
    )


def _fits(offer: OfferHit, query: SearchQuery) -> bool:
    return (
        (not query.seller_ids or offer.seller_id in query.seller_ids)
        and (query.min_price is None or offer.price >= query.min_price)
        and (query.max_price is None or offer.price <= query.max_price)
        and (not query.in_stock or offer.available > 0)
    )


def read_facets(answer: dict[str, Any]) -> Facets:
    found = answer["aggregations"]
    of_offers = {
        name: found[name]["offers"]["fitting"]["values"]["buckets"] for name in ("seller", "price", "in_stock")
    }
    prices = zip(price_ranges(), of_offers["price"], strict=True)
    return Facets(
        category=tuple(Bucket(item["key"], item["doc_count"]) for item in found["category"]["values"]["buckets"]),
        rating=tuple(Bucket(item["key"], item["doc_count"]) for item in reversed(found["rating"]["values"]["buckets"])),
        seller=tuple(Bucket(item["key"], _products(item)) for item in of_offers["seller"]),
        price=tuple(Bucket(_range_name(low, high), _products(item)) for (low, high), item in prices),
        in_stock=tuple(Bucket("true", _products(item)) for item in of_offers["in_stock"]),
    )


def _products(item: dict[str, Any]) -> int:
    return int(item["products"]["doc_count"])


def _range_name(low: int, high: int | None) -> str:
    """Both bounds included, as the filters take them."""
    return f"{low}-" if high is None else f"{low}-{high - 1}"
