"""A few past orders of the demo market, bought, shipped, delivered and reviewed by its people."""

from typing import Any

from halles_local.client import buying
from halles_local.client.api import Caller
from halles_local.client.session import Market

PAST = (
    {
        "buyer": 0,
        "lines": {"huile-olive-0": 1, "miel-sapin-1": 2},
        "delivered": True,
        "review": {
            "sku": "huile-olive-0",
            "rating": 5,
            "title": "Un vrai parfum d'olive",
            "text": "Douce et longue en bouche ; nous en reprendrons pour les salades d'hiver.",
        },
    },
    {
        "buyer": 1,
        "lines": {"palets-0": 3, "tisane-du-soir-0": 1, "mug-0": 2},
        "delivered": True,
        "review": {
            "sku": "palets-0",
            "rating": 4,
            "title": "Très beurrés",
            "text": "Croustillants et généreux. Deux étaient cassés à l'arrivée, mais ils n'ont pas duré.",
        },
    },
    {
        "buyer": 2,
        "lines": {"savon-olive-0": 2, "bonnet-0": 1},
        "delivered": True,
        "review": {
            "sku": "bonnet-0",
            "rating": 5,
            "title": "Warm and not scratchy",
            "text": "Wore it on the coast in a gale. The colour is exactly the stone of the Causse.",
            "locale": "en",
        },
    },
    {"buyer": 0, "lines": {"porte-monnaie-0": 1}, "delivered": False},
    {"buyer": 1, "lines": {"thym-citronne-0": 2, "baume-levres-0": 1}, "delivered": False},
)


async def place_past_orders(
    place: Market,
    buyers: list[Caller],
    people: list[dict[str, Any]],
    sellers: dict[str, Caller],
    seller_ids: dict[str, str],
) -> None:
    """Bring them about one after the other; a buyer who has orders already is left alone."""
    offers = await _offers_by_sku(sellers, seller_ids)
    shops = {seller_id: sellers[handle] for handle, seller_id in seller_ids.items()}
    fresh = [not (await buyer.get("/v1/orders"))["items"] for buyer in buyers]
    for past in PAST:
        number: Any = past["buyer"]
        if fresh[number]:
            await _one(place, buyers[number], people[number], past, offers=offers, shops=shops)


async def _one(
    place: Market, buyer: Caller, person: dict[str, Any], past: Any, *, offers: dict[str, str], shops: dict[str, Caller]
) -> None:
    for sku, quantity in past["lines"].items():
        await buying.put_in_cart(buyer, offers[sku], quantity)
    ship_to = buying.address(person["name"], person["line1"], person["postal_code"], person["city"])
    order = await buying.check_out(buyer, ship_to, "pm_card_visa")
    order = await buying.decided(buyer, order["order_id"], wanted=("confirmed",))
    for part in order["seller_orders"]:
        seller = shops[part["seller_id"]]
        shipment = await buying.ship(seller, part["seller_id"], order["order_id"])
        if past["delivered"]:
            await buying.deliver(place.outside, seller, part["seller_id"], shipment)
    if told := past.get("review"):
        await _review(buyer, order, told, offers)


async def _review(buyer: Caller, order: dict[str, Any], told: dict[str, Any], offers: dict[str, str]) -> None:
    wanted = offers[told["sku"]]
    lines = [line for part in order["seller_orders"] for line in part["lines"] if line["offer_id"] == wanted]
    words = {name: told[name] for name in ("rating", "title", "text")}
    await buying.review(buyer, lines[0]["line_id"], locale=told.get("locale", "fr"), **words)


async def _offers_by_sku(sellers: dict[str, Caller], seller_ids: dict[str, str]) -> dict[str, str]:
    """The first shop's offer of each article number."""
    found: dict[str, str] = {}
    for handle, seller in sellers.items():
        path: str | None = f"/v1/sellers/{seller_ids[handle]}/offers?limit=100"
        while path:
            page = await seller.get(path)
            for offer in page["items"]:
                found.setdefault(offer["sku"], offer["offer_id"])
            path = f"/v1/sellers/{seller_ids[handle]}/offers?limit=100&cursor={page['next']}" if page["next"] else None
    return found
