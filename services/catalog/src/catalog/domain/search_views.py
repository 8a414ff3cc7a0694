"""What search and suggestions show, in exactly the shapes of the HTTP answers."""

from dataclasses import dataclass

from contracts.catalog import Image
from contracts.values import LocalText, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerName:
    seller_id: str
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingView:
    count: int
    average_hundredths: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundProduct:
    """Price, sellers, count and availability are of the offers that pass the filters. ``images`` holds the first picture."""

    product_id: str
    title: LocalText
    image_url: str | None
    images: list[Image]
    price_from: Money
    offer_count: int
    sellers: list[SellerName]
    rating: RatingView
    available: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """``value`` is what the filter takes; ``count`` the products it would give. ``slug`` and ``parent`` are of categories."""

    value: str
    count: int
    label: LocalText | None = None
    slug: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetsView:
    """Categories in the order of the tree; price ranges in minor units, both ends included; ratings as "stars and up"."""

    category: list[FacetValue]
    seller: list[FacetValue]
    price: list[FacetValue]
    rating: list[FacetValue]
    in_stock: list[FacetValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchView:
    items: list[FoundProduct]
    total: int
    facets: FacetsView
    corrected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedProduct:
    product_id: str
    title: LocalText


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedCategory:
    category_id: str
    slug: str
    name: LocalText


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedShop:
    seller_id: str
    handle: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionsView:
    products: list[SuggestedProduct]
    categories: list[SuggestedCategory]
    shops: list[SuggestedShop]
