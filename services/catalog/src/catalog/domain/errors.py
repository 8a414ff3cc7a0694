"""Refusals of catalog, each with a stable code."""

from edge.errors import AppError, Conflict, Unavailable, Violation


class Invalid(AppError):
    """The input is well formed but names something that cannot be; ``errors`` point at it."""

    status = 422
    code = "invalid-request"
    title = "Invalid request"

    @classmethod
    def at(cls, pointer: str, code: str, detail: str) -> "Invalid":
        """One violation at one place of the input."""
        return cls(detail, errors=[Violation(pointer, code, detail)])


class ShopNotOpen(Conflict):
    code = "shop-not-open"
    title = "The shop is not open"


class SlugTaken(Conflict):
    code = "slug-taken"
    title = "Another category has this slug"


class CategoryCycle(Conflict):
    code = "category-cycle"
    title = "A category cannot lie below itself"


class CategoryTooDeep(Conflict):
    code = "category-too-deep"
    title = "The category tree is too deep"


class SkuTaken(Conflict):
    code = "sku-taken"
    title = "Two variants of a product have the same SKU"


class OfferExists(Conflict):
    code = "offer-exists"
    title = "This shop already offers this variant in this condition"


class OfferClosed(Conflict):
    code = "offer-closed"
    title = "A closed offer cannot change"


class StockBelowReserved(Conflict):
    code = "stock-below-reserved"
    title = "Some of these units are reserved for orders"


class SearchUnavailable(Unavailable):
    code = "search-unavailable"
    title = "Search is away"
