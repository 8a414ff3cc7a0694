"""Past orders of the demo market: bought, shipped, delivered and reviewed by its people, through the public API.

They all lie in the minutes of the seed: the market has no other clock than its databases', and rows are not faked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from halles_local.client import buying
from halles_local.client.api import Caller
from halles_local.client.session import Market
from halles_local.history import CANCELLED, DELIVERED, PAID, Purchase


@dataclass(frozen=True)
class Shops:
    """Signed-in owners by seller id, and the offer of each article number."""

    owners: Mapping[str, Caller]
    offers: Mapping[str, str]


async def live_through(
    place: Market, buyer: Caller, person: Mapping[str, Any], purchases: Sequence[Purchase], shops: Shops, *, done: Any
) -> None:
    """One buyer's purchases, one after the other. What an earlier run began is brought to its end, not repeated."""
    known = await _known_orders(buyer)
    for number, purchase in enumerate(purchases):
        order = known[number] if number < len(known) else await _buy(buyer, person, purchase, shops)
        await _follow(place, buyer, order, purchase, shops)
        done()


async def _known_orders(buyer: Caller) -> list[dict[str, Any]]:
    """The buyer's orders, oldest first."""
    found: list[dict[str, Any]] = []
    path: str | None = "/v1/orders?limit=100"
    while path:
        page = await buyer.get(path)
        found += page["items"]
        path = f"/v1/orders?limit=100&cursor={page['next']}" if page["next"] else None
    return [await buyer.get(f"/v1/orders/{order['order_id']}") for order in reversed(found)]


async def _buy(buyer: Caller, person: Mapping[str, Any], purchase: Purchase, shops: Shops) -> dict[str, Any]:
    cart = await buyer.get("/v1/cart")
    for group in cart["sellers"]:
        for line in group["lines"]:  # left over by a run that ended in between
            await buyer.call("DELETE", f"/v1/cart/lines/{line['offer_id']}")
    for sku, quantity in purchase.lines:
        await buying.put_in_cart(buyer, shops.offers[sku], quantity)
    ship_to = buying.address(person["name"], person["line1"], person["postal_code"], person["city"])
    card = "pm_card_visa_chargeDeclined" if purchase.end == CANCELLED else "pm_card_visa"
    return await buying.check_out(buyer, ship_to, card)


async def _follow(place: Market, buyer: Caller, order: dict[str, Any], purchase: Purchase, shops: Shops) -> None:
    if purchase.end == CANCELLED:
        if order["status"] == "declined":
            await buyer.post(f"/v1/orders/{order['order_id']}/cancellation")
        return
    if order["status"] != "confirmed":
        order = await buying.decided(buyer, order["order_id"], wanted=("confirmed",))
    if purchase.end == PAID:
        return
    for part in order["seller_orders"]:
        seller = shops.owners[part["seller_id"]]
        shipment = await buying.ship(seller, part["seller_id"], order["order_id"])
        if purchase.end == DELIVERED and shipment["status"] != "delivered":
            await buying.deliver(place.outside, seller, part["seller_id"], shipment)
    await _review(buyer, order, purchase, shops)


async def _review(buyer: Caller, order: dict[str, Any], purchase: Purchase, shops: Shops) -> None:
    lines = {line["offer_id"]: line["line_id"] for part in order["seller_orders"] for line in part["lines"]}
    for sku, words in purchase.reviews.items():
        if line_id := lines.get(shops.offers[sku]):
            await buying.review(buyer, line_id, **words)


async def by_sku(owners: Mapping[str, Caller], order: Sequence[str], field: str) -> dict[str, str]:
    """A field of the first shop's offer of each article number; ``order`` of seller ids decides which shop is first."""
    found: dict[str, str] = {}
    for seller_id in order:
        path: str | None = f"/v1/sellers/{seller_id}/offers?limit=100"
        while path:
            page = await owners[seller_id].get(path)
            for offer in page["items"]:
                found.setdefault(offer["sku"], offer[field])
            path = f"/v1/sellers/{seller_id}/offers?limit=100&cursor={page['next']}" if page["next"] else None
    return found
