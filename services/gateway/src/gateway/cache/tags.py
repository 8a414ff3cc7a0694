"""Which answers an event changes. A tag stands on the answer when it is stored; events name the tags to drop."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.catalog import OfferState, ShopState
from contracts.event import Event
from contracts.identity import SellerState
from contracts.review import RatingState, ReviewPublished

Document = Mapping[str, Any]
Values = Mapping[str, str]
_PRODUCTS = "products"
_SELLERS = "sellers"
_UNCHANGED_BY_EVENTS = frozenset({"timed"})


def _of_product(product: Document, _: Values) -> set[str]:
    sellers = {offer["seller_id"] for variant in product["variants"] for offer in variant["offers"]}
    return {f"product:{product['product_id']}", *(f"seller:{seller}" for seller in sellers)}


def _of_products(page: Document, _: Values) -> set[str]:
    """Any offer may enter or leave a list; ratings change only those shown."""
    return {_PRODUCTS, *(f"rated:{item['product_id']}" for item in page["items"])}


def _of_seller(shop: Document, _: Values) -> set[str]:
    """One shop, or the list of shops."""
    if "items" in shop:
        return {_SELLERS}
    return {f"seller:{shop['seller_id']}", f"offers-of:{shop['seller_id']}"}


def _of_reviews(_: Document, values: Values) -> set[str]:
    return {f"reviews:{values['product_id']}"}


_ON_ANSWER: dict[str, Callable[[Document, Values], set[str]]] = {
    "product": _of_product,
    "products": _of_products,
    "seller": _of_seller,
    "reviews": _of_reviews,
}


def tags_of(topic: str, document: Document, values: Values) -> frozenset[str]:
    """Tags of an answer of a cache policy (``values``: ids in its path); those that no event describes live by time alone."""
    tagger = _ON_ANSWER.get(topic)
    return frozenset(tagger(document, values)) if tagger else _UNCHANGED_BY_EVENTS


def changed_by(event: Event) -> set[str]:
    """Tags that an event drops; empty for events that no public answer shows."""
    match event:
        case OfferState():
            return {_PRODUCTS, f"product:{event.product_id}", f"offers-of:{event.seller_id}"}
        case RatingState(kind="seller"):
            return {f"seller:{event.subject_id}"}
        case RatingState():
            subject = event.subject_id
            return {f"product:{subject}", f"rated:{subject}", f"reviews:{subject}"}
        case ReviewPublished():
            return {f"product:{event.product_id}", f"reviews:{event.product_id}"}
        case SellerState() | ShopState():
            return {_SELLERS, f"seller:{event.seller_id}"}
        case _:
            return set()


def written_at(path: str) -> set[str]:
    """Tags of the one product or shop that a write at this path is about: its writer must see it at once, before its event comes."""
    ids = [segment for segment in path.split("/") if segment.startswith(("prd_", "sel_"))]
    products = {f"product:{name}" for name in ids if name.startswith("prd_")}
    shops = {f"seller:{name}" for name in ids[-1:] if path.endswith(name) and name.startswith("sel_")}
    return products | shops
