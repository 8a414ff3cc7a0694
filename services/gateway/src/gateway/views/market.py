"""What everybody may see: product, product list, search, shop."""

from typing import Any

from starlette.responses import Response

from gateway.activity import RecordActivity
from gateway.call import Call
from gateway.passing import Passing, respond
from gateway.views.names import ShopNames
from gateway.views.parts import Part, composed, gather, required

_FIRST_REVIEWS = 5
_FOR_EVER = "public, max-age=31536000, immutable"


class Market:
    """Public views. All are composed with the anonymous token only, so their bytes may be cached for everybody."""

    def __init__(self, passing: Passing, names: ShopNames, activity: RecordActivity) -> None:
        self._passing = passing
        self._names = names
        self._activity = activity

    async def product(self, call: Call) -> Response:
        """Required: product. Optional: ``reviews`` (rating and first ones), ``sellers`` (names of its offers' shops)."""
        product_id = call.values["product_id"]
        product = await required(self._passing, call)
        reviews = Part("reviews", "review", f"/v1/products/{product_id}/reviews?limit={_FIRST_REVIEWS}")
        parts = await gather(self._passing, call, [reviews])
        sellers = await self._names.of(call, _sellers_of(product))
        return composed(call, {**product, **parts, "sellers": sellers})

    async def products(self, call: Call) -> Response:
        """Required: list. Optional: ``ratings`` by product id."""
        page = await required(self._passing, call)
        ids = [item["product_id"] for item in page["items"]]
        parts = await gather(self._passing, call, [_ratings(ids)] if ids else [])
        return composed(call, {**page, "ratings": _by_subject(parts.get("ratings"))})

    async def search(self, call: Call) -> Response:
        """Hits and facets, which name their shops themselves; counted when the visit agreed to it."""
        page = await required(self._passing, call)
        self._activity.searched(call, hits=page["total"])
        return composed(call, page)

    async def shop(self, call: Call) -> Response:
        """Required: shop. Optional: ``products`` (newest), ``rating`` and ``pictures`` of the shop."""
        shop = await required(self._passing, call)
        seller_id = shop["seller_id"]
        products = Part("products", "catalog", f"/v1/products?seller={seller_id}&limit=24")
        parts = await gather(self._passing, call, [products, _ratings([seller_id]), _pictures([seller_id])])
        rating = _by_subject(parts["ratings"]).get(seller_id)
        pictures = _by_seller(parts["pictures"]).get(seller_id)
        return composed(call, {**shop, "products": parts["products"], "rating": rating, "pictures": pictures})

    async def shops(self, call: Call) -> Response:
        """Required: list. Optional: ``pictures`` and ``ratings`` by seller id."""
        page = await required(self._passing, call)
        ids = [shop["seller_id"] for shop in page["items"]]
        parts = await gather(self._passing, call, [_ratings(ids), _pictures(ids)] if ids else [])
        ratings, pictures = _by_subject(parts.get("ratings")), _by_seller(parts.get("pictures"))
        return composed(call, {**page, "ratings": ratings, "pictures": pictures})

    async def media(self, call: Call) -> Response:
        """One rendition of a picture; its address names its content, so everybody may keep it for ever."""
        answer = await self._passing.send(call)
        response = respond(answer)
        if answer.is_success:
            response.headers["cache-control"] = _FOR_EVER
        return response


def _ratings(ids: list[str]) -> Part:
    return Part("ratings", "review", f"/v1/ratings?ids={','.join(ids)}")


def _pictures(ids: list[str]) -> Part:
    return Part("pictures", "catalog", f"/v1/shop-pictures?ids={','.join(ids)}")


def _by_seller(pictures: dict[str, Any] | None) -> dict[str, Any]:
    return {item["seller_id"]: item for item in pictures["items"]} if pictures else {}


def _by_subject(ratings: dict[str, Any] | None) -> dict[str, Any]:
    return dict(ratings["items"]) if ratings else {}


def _sellers_of(product: dict[str, Any]) -> set[str]:
    return {offer["seller_id"] for variant in product["variants"] for offer in variant["offers"]}
