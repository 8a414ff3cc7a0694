"""Search and suggestions, with the names that the index does not keep: those of categories and shops."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from catalog.domain.search import Bucket, Hit, Language, OfferHit, SearchQuery, SearchResult
from catalog.domain.search_views import (
    FacetsView,
    FacetValue,
    FoundProduct,
    RatingView,
    SearchView,
    SellerName,
    SuggestedCategory,
    SuggestedProduct,
    SuggestedShop,
    SuggestionsView,
)
from catalog.domain.spelling import begins_a_word
from catalog.domain.views import CategoryView
from catalog.ports import SearchReader
from catalog.repository import categories, sellers
from chassis.db import Database
from contracts.catalog import Image
from contracts.values import LocalText, Money

TREE_SECONDS = 5.0
"""How long a process keeps the category tree before it reads it again."""
_SUGGESTED_CATEGORIES = 3


class Finder:
    """Answers searches. ``seconds`` is a monotonic clock."""

    def __init__(self, db: Database, reader: SearchReader, *, seconds: Callable[[], float]) -> None:
        self._db = db
        self._reader = reader
        self._seconds = seconds
        self._tree: Sequence[CategoryView] = ()
        self._read_at = float("-inf")

    async def search(self, query: SearchQuery) -> SearchView:
        """``query.category_id`` may be a slug; a category that does not exist finds nothing."""
        tree = await self._categories()
        known = {key: view.category_id for view in tree for key in (view.category_id, view.slug)}
        if query.category_id:
            query = replace(query, category_id=known.get(query.category_id, query.category_id))
        result = await self._reader.search(query)
        async with self._db.reading() as tx:
            shops = await sellers.names(tx, _shop_ids(result))
        return SearchView(
            items=[_product(hit, shops) for hit in result.hits],
            total=result.total,
            facets=_facets(result, tree, shops),
            corrected=result.is_corrected,
        )

    async def suggest(self, text: str, *, language: Language) -> SuggestionsView:
        """Products, categories and shops whose names have a word that begins like the last one typed."""
        found = await self._reader.suggest(text, language=language)
        matching = [
            view for view in await self._categories() if begins_a_word(text, getattr(view.name, language.value))
        ]
        return SuggestionsView(
            products=[
                SuggestedProduct(product_id=product.product_id, title=_words(product.title))
                for product in found.products
            ],
            categories=[
                SuggestedCategory(category_id=view.category_id, slug=view.slug, name=view.name)
                for view in matching[:_SUGGESTED_CATEGORIES]
            ],
            shops=[SuggestedShop(seller_id=shop.seller_id, handle=shop.handle, name=shop.name) for shop in found.shops],
        )

    async def _categories(self) -> Sequence[CategoryView]:
        if self._seconds() - self._read_at > TREE_SECONDS:
            async with self._db.reading() as tx:
                self._tree = await categories.tree(tx)
            self._read_at = self._seconds()
        return self._tree


def _shop_ids(result: SearchResult) -> set[str]:
    return {bucket.value for bucket in result.facets.seller} | {o.seller_id for hit in result.hits for o in hit.offers}


def _product(hit: Hit, shops: Mapping[str, str]) -> FoundProduct:
    first = hit.offers[0]
    return FoundProduct(
        product_id=hit.product_id,
        title=_words(hit.title),
        image_url=hit.image_url or None,
        images=[Image.model_validate(image) for image in hit.images],
        price_from=Money(amount=first.price, currency=first.currency),
        offer_count=len(hit.offers),
        sellers=_sellers(hit.offers, shops),
        rating=RatingView(count=hit.rating_count, average_hundredths=hit.rating_hundredths),
        available=any(offer.available > 0 for offer in hit.offers),
    )


def _sellers(offers: Sequence[OfferHit], shops: Mapping[str, str]) -> list[SellerName]:
    ids = dict.fromkeys(offer.seller_id for offer in offers)
    return [SellerName(seller_id=seller_id, name=shops.get(seller_id)) for seller_id in ids]


def _facets(result: SearchResult, tree: Sequence[CategoryView], shops: Mapping[str, str]) -> FacetsView:
    found = result.facets
    return FacetsView(
        category=_category_values(found.category, tree),
        seller=[_shop_value(bucket, shops.get(bucket.value)) for bucket in found.seller if bucket.count],
        price=_plain(found.price),
        rating=_plain(found.rating),
        in_stock=_plain(found.in_stock),
    )


def _category_values(buckets: Sequence[Bucket], tree: Sequence[CategoryView]) -> list[FacetValue]:
    counts = {bucket.value: bucket.count for bucket in buckets}
    return [
        FacetValue(value=view.category_id, count=count, label=view.name, slug=view.slug, parent=view.parent_id)
        for view in tree
        if (count := counts.get(view.category_id, 0))
    ]


def _shop_value(bucket: Bucket, name: str | None) -> FacetValue:
    return FacetValue(value=bucket.value, count=bucket.count, label=LocalText(fr=name, en=name) if name else None)


def _plain(buckets: Sequence[Bucket]) -> list[FacetValue]:
    return [FacetValue(value=bucket.value, count=bucket.count) for bucket in buckets if bucket.count]


def _words(text: Mapping[str, str]) -> LocalText:
    return LocalText(fr=text["fr"], en=text["en"])
