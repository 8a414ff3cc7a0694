"""What can be asked of the search, and what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from catalog.domain.errors import Invalid

MAX_WINDOW = 10_000
"""The engine pages no further than this many hits."""


class Language(StrEnum):
    FR = "fr"
    EN = "en"


class Sort(StrEnum):
    RELEVANCE = "relevance"
    PRICE = "price"
    PRICE_DOWN = "-price"
    NEWEST = "newest"
    RATING = "rating"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """Prices in minor units of the market's currency; ``min_rating`` in whole stars; pages count from 1."""

    text: str = ""
    language: Language = Language.FR
    category_id: str | None = None
    seller_ids: tuple[str, ...] = ()
    min_price: int | None = None
    max_price: int | None = None
    min_rating: int | None = None
    in_stock: bool = False
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    limit: int = 24

    def __post_init__(self) -> None:
        if self.page * self.limit > MAX_WINDOW:
            raise Invalid.at("?page", "too-far", f"Search shows the first {MAX_WINDOW} results; narrow it down.")
        if self.min_price is not None and self.max_price is not None and self.min_price > self.max_price:
            raise Invalid.at("?max_price", "below-minimum", "The highest price is below the lowest one.")

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferHit:
    """An offer of a found product that passes the filters."""

    offer_id: str
    seller_id: str
    price: int
    currency: str
    available: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A found product with the offers that pass the filters, cheapest first."""

    product_id: str
    title: dict[str, str]
    image_url: str
    images: Sequence[dict[str, Any]]
    offers: tuple[OfferHit, ...]
    rating_count: int
    rating_hundredths: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many products a filter value would give, the other filters staying as they are."""

    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    category: tuple[Bucket, ...] = ()
    seller: tuple[Bucket, ...] = ()
    price: tuple[Bucket, ...] = ()
    rating: tuple[Bucket, ...] = ()
    in_stock: tuple[Bucket, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """``is_corrected``: the words as typed found little, so these are results of near spellings."""

    hits: tuple[Hit, ...]
    total: int
    facets: Facets
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class ProductSuggestion:
    product_id: str
    title: dict[str, str]


@dataclass(frozen=True, slots=True)
class ShopSuggestion:
    seller_id: str
    handle: str
    name: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    products: tuple[ProductSuggestion, ...] = ()
    shops: tuple[ShopSuggestion, ...] = field(default=())
