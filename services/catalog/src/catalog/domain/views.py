"""What catalog shows: read models, in exactly the shapes of the HTTP answers."""

from dataclasses import dataclass, field
from datetime import datetime

from contracts.catalog import Image
from contracts.values import LocalText, Money, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryView:
    category_id: str
    parent_id: str | None
    slug: str
    name: LocalText
    position: int


class Attribute(Value):
    """One line of a product's data sheet, for example "Origin": "Jura"."""

    name: LocalText
    value: LocalText


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """``available`` is 0 while the offer is not ``active``."""

    offer_id: str
    seller_id: str
    price: Money
    available: int
    condition: str
    handling_days: int
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantView:
    variant_id: str
    label: LocalText
    sku: str
    offers: list[OfferView] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductView:
    """``category_path`` goes from the root to the leaf. Closed offers are left out; the cheapest comes first.

    ``images`` in the order of the gallery; ``image_url`` is the first one's rendition for lists.
    """

    product_id: str
    title: LocalText
    description: LocalText
    category_path: list[str]
    image_url: str | None
    images: list[Image]
    attributes: list[Attribute]
    created_at: datetime
    variants: list[VariantView]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductCard:
    """A product in a list, with what its active offers say. ``images`` holds its first picture, if any."""

    product_id: str
    title: LocalText
    category_id: str
    image_url: str | None
    images: list[Image]
    price_from: Money
    offer_count: int
    available: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDetail:
    """An offer on its own, with the words that name it."""

    offer_id: str
    product_id: str
    variant_id: str
    seller_id: str
    sku: str
    title: LocalText
    variant: LocalText
    image_url: str | None
    price: Money
    available: int
    condition: str
    handling_days: int
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerOffer(OfferDetail):
    """What only the shop's own people see. ``on_hand`` includes the ``reserved`` units."""

    on_hand: int
    reserved: int
    listed_at: datetime
