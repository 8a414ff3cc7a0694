"""What people do: buy, read, edit an offer, look at their notifications, send parcels and review them."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp

from halles_local.client import buying
from halles_rig.person import Person
from halles_rig.world import HOT, Offer

if TYPE_CHECKING:
    from halles_rig.load import Crowd

ADDRESS = buying.address("Ada Martin", "3 rue des Halles", "69002", "Lyon")
GOOD, DECLINED, CHALLENGED = ("pm_card_visa", "pm_card_mastercard"), "pm_card_chargeDeclined", "pm_standin_3ds"
DECIDED = ("confirmed", "cancelled", "declined", "action-required")
DECISION_SECONDS = 40.0
_PARCELS = 0.2


@dataclass
class Order:
    """An order as its buyer sees it."""

    order_id: str
    buyer: Person
    status: str = "pending"
    parts: list[dict[str, Any]] = field(default_factory=list)
    decided_after: float = 0.0


async def purchase(
    crowd: "Crowd", buyer: Person, *, card: str | None = None, wanted: Sequence[Offer] = ()
) -> Order | None:
    """Cart, checkout, decision. With a ``card`` given that is all; else the dice choose one, and a change of mind and what
    follows. The dice choose what is ``wanted``, too. None when no order came about.
    """
    dice = crowd.dice
    await _empty_cart(buyer)
    for offer in wanted or _wanted(crowd):
        path = f"/v1/cart/lines/{offer.offer_id}"
        await buyer.call("cart", "PUT", path, {"quantity": dice.randint(1, 2)})
    cart = await buyer.call("cart-read", "GET", "/v1/cart")
    if cart.result != "ok" or not cart.answer["sellers"]:
        return None
    method = card or _card(crowd)
    body = {"cart_version": cart.answer["version"], "payment_method": method, "shipping_address": ADDRESS}
    accepted = await buyer.call("checkout", "POST", "/v1/checkouts", body)
    if accepted.result != "ok":
        return None
    order = crowd.orders[accepted.answer["order_id"]] = Order(accepted.answer["order_id"], buyer)
    if card is None and dice.random() < 0.05:
        await cancel(crowd, order)
    await follow(order)
    if card is None:
        await _afterwards(crowd, order)
    return order


async def _empty_cart(buyer: Person) -> None:
    cart = await buyer.call("cart-read", "GET", "/v1/cart")
    if cart.result == "ok":
        for line in [line for part in cart.answer["sellers"] for line in part["lines"]]:
            await buyer.call("cart", "DELETE", f"/v1/cart/lines/{line['offer_id']}")


def _wanted(crowd: "Crowd") -> list[Offer]:
    """Two offers; every third basket holds a hot one."""
    offers = crowd.world.offers
    first = crowd.dice.choice(offers[:HOT] if crowd.dice.random() < 0.33 else offers)
    return [first, crowd.dice.choice([offer for offer in offers if offer.seller != first.seller])]


def _card(crowd: "Crowd") -> str:
    throw = crowd.dice.random()
    if throw < 0.10:
        return DECLINED
    return CHALLENGED if throw < 0.15 else crowd.dice.choice(GOOD)


async def follow(order: Order) -> None:
    """Look again and again until the order is decided or wants something of its buyer."""
    started, pause = time.monotonic(), 0.3
    while time.monotonic() - started < DECISION_SECONDS:
        seen = await order.buyer.call("order", "GET", f"/v1/orders/{order.order_id}")
        if seen.result == "ok":
            order.status, order.parts = seen.answer["status"], seen.answer["seller_orders"]
            if order.status in DECIDED:
                order.decided_after = time.monotonic() - started
                return
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, 2.0)


async def _afterwards(crowd: "Crowd", order: Order) -> None:
    if order.status == "declined" and crowd.dice.random() < 0.5:
        body = {"payment_method": GOOD[0]}
        again = await order.buyer.call("pay-again", "POST", f"/v1/orders/{order.order_id}/payment", body)
        if again.result == "ok":
            order.status = "pending"
            await follow(order)
    if order.status == "confirmed" and crowd.dice.random() < _PARCELS:
        await send_parcels(crowd, order)


async def cancel(crowd: "Crowd", order: Order) -> None:
    await order.buyer.call("cancel", "POST", f"/v1/orders/{order.order_id}/cancellation")
    seen = await order.buyer.call("order", "GET", f"/v1/orders/{order.order_id}")
    if seen.result == "ok":
        order.status = seen.answer["status"]


async def send_parcels(crowd: "Crowd", order: Order) -> None:
    """The sellers send, the carrier delivers, the buyer reviews; given up quietly while somebody is away."""
    for part in order.parts:
        seller = crowd.owners[crowd.world.seller_ids.index(part["seller_id"])]
        number = await _shipped(seller, part["seller_id"], order.order_id)
        if number is None:
            return
        with suppress(aiohttp.ClientError, TimeoutError):
            for status in ("picked_up", "in_transit", "delivered"):
                await crowd.outside.scan(number, status)
    line = order.parts[0]["lines"][0]["line_id"]
    words = {"rating": crowd.dice.randint(1, 5), "title": "Bien", "text": "Reçu en bon état.", "locale": "fr"}
    for _ in range(4):
        review = await order.buyer.call("review", "POST", "/v1/reviews", {"line_id": line, **words})
        if review.result == "ok":
            return
        await asyncio.sleep(1.0)


async def _shipped(seller: Person, seller_id: str, order_id: str) -> str | None:
    """Tracking number once the carrier has given one."""
    path, asked = f"/v1/sellers/{seller_id}/shipments", False
    for _ in range(8):
        found = await seller.call("shipments", "GET", f"{path}?order={order_id}")
        items = found.answer["items"] if found.result == "ok" else []
        if items and items[0]["tracking_number"]:
            return str(items[0]["tracking_number"])
        if items and not asked:
            ship = await seller.call(
                "ship", "POST", f"{path}/{items[0]['shipment_id']}/ship", {"carrier": "colis-demo"}
            )
            asked = ship.result == "ok"
        await asyncio.sleep(0.7)
    return None


async def read(crowd: "Crowd") -> None:
    """A visitor looks around."""
    buyer, offer = crowd.dice.choice(crowd.buyers), crowd.dice.choice(crowd.world.offers)
    what, path = crowd.dice.choice(
        (
            ("list", "/v1/products?limit=20"),
            ("product", f"/v1/products/{offer.product_id}"),
            ("search", f"/v1/search?q={offer.title.split('-')[0].replace(' ', '+')}&lang=fr"),
            ("suggest", "/v1/suggestions?q=pan&lang=fr"),
        )
    )
    await buyer.call(what, "GET", path)


async def edit(crowd: "Crowd") -> None:
    """A shop changes a price or puts units on sale; one edit of an offer at a time, as one person at one screen does."""
    offer = crowd.dice.choice(crowd.world.offers)
    owner = crowd.owners[offer.seller]
    if owner.lock.locked():
        return
    async with owner.lock:
        price = {"amount": offer.price + crowd.dice.randint(0, 300), "currency": "EUR"}
        path = f"/v1/sellers/{crowd.world.seller_ids[offer.seller]}/offers/{offer.offer_id}"
        await owner.call("edit", "PATCH", path, {"price": price})


async def notify(crowd: "Crowd") -> None:
    await crowd.dice.choice(crowd.buyers).call("notifications", "GET", "/v1/notifications")


async def quarrel(crowd: "Crowd") -> None:
    """Several people at several screens change the same offer at the same moment."""
    offer = crowd.dice.choice(crowd.world.offers)
    path = f"/v1/sellers/{crowd.world.seller_ids[offer.seller]}/offers/{offer.offer_id}"
    days = [{"handling_days": crowd.dice.randint(1, 9)} for _ in range(6)]
    await asyncio.gather(*(crowd.owners[offer.seller].call("quarrel", "PATCH", path, body) for body in days))
