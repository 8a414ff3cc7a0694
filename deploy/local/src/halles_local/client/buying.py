"""The steps of a purchase, from the cart to the review, as the buyer, the sellers and the carrier take them."""

from typing import Any

from halles_local.client.api import Caller, Refused
from halles_local.client.outside import Outside
from halles_local.client.patience import until

_STEP_SECONDS = 0.2
"""What a parcel's or a review's next step takes at least: looking sooner only costs."""
DECIDED = ("confirmed", "cancelled", "declined", "action-required")


def address(name: str, line1: str, postal_code: str, city: str) -> dict[str, Any]:
    return {"name": name, "line1": line1, "postal_code": postal_code, "city": city, "country": "FR"}


async def put_in_cart(buyer: Caller, offer_id: str, quantity: int) -> dict[str, Any]:
    """Put an offer in the cart, waiting until the order service has heard of the offer; return the cart."""

    async def put() -> dict[str, Any]:
        cart = (await buyer.call("PUT", f"/v1/cart/lines/{offer_id}", {"quantity": quantity})).body
        if cart.get("cart_token"):
            buyer.cart_token = cart["cart_token"]
        return dict(cart)

    return await until(f"the cart accepts {offer_id}", put)


async def check_out(
    buyer: Caller, ship_to: dict[str, Any], payment_method: str, *, key: str | None = None
) -> dict[str, Any]:
    """Order what is in the cart; return the order as soon as it is decided or wants something of the buyer."""
    cart = await buyer.get("/v1/cart")
    body = {"cart_version": cart["version"], "payment_method": payment_method, "shipping_address": ship_to}
    accepted = await buyer.post("/v1/checkouts", body, key=key, wait=15)
    if accepted["status"] in DECIDED:
        return dict(accepted)
    return await decided(buyer, accepted["order_id"])


async def decided(buyer: Caller, order_id: str, *, wanted: tuple[str, ...] = DECIDED) -> dict[str, Any]:
    """The order once its status is one of ``wanted``."""

    async def look() -> dict[str, Any] | None:
        order = await buyer.get(f"/v1/orders/{order_id}")
        return order if order["status"] in wanted else None

    return await until(f"order {order_id} is {' or '.join(wanted)}", look)


async def challenge(buyer: Caller, order_id: str) -> str:
    """Address of the bank's page for an order that asks for 3-D Secure."""

    async def look() -> str | None:
        action = (await buyer.get(f"/v1/payments/{order_id}"))["next_action"]
        return action["redirect_url"] if action else None

    return await until("the bank's page", look)


async def ship(seller: Caller, seller_id: str, order_id: str) -> dict[str, Any]:
    """Hand a seller's part of an order to the carrier; return the shipment with its tracking number."""
    path = f"/v1/sellers/{seller_id}/shipments"

    async def prepared() -> dict[str, Any] | None:
        items = (await seller.get(f"{path}?order={order_id}"))["items"]
        return items[0] if items else None

    shipment = await until("the shipment to prepare", prepared, pause=_STEP_SECONDS)
    if shipment["status"] == "preparing":
        await seller.post(f"{path}/{shipment['shipment_id']}/ship", {"carrier": "colis-demo"})

    async def tracked() -> dict[str, Any] | None:
        now = await seller.get(f"{path}/{shipment['shipment_id']}")
        return now if now["tracking_number"] else None

    return await until("a tracking number", tracked, pause=_STEP_SECONDS)


async def deliver(outside: Outside, seller: Caller, seller_id: str, shipment: dict[str, Any]) -> None:
    """The carrier brings the parcel; returns when the platform knows."""
    for status in ("picked_up", "in_transit", "delivered"):
        await outside.scan(shipment["tracking_number"], status)

    async def arrived() -> bool:
        path = f"/v1/sellers/{seller_id}/shipments/{shipment['shipment_id']}"
        return (await seller.get(path))["status"] == "delivered"  # type: ignore[no-any-return]

    await until("the delivery is known", arrived, pause=_STEP_SECONDS)


async def review(
    buyer: Caller, line_id: str, *, rating: int, title: str, text: str, locale: str = "fr"
) -> dict[str, Any]:
    """Review a delivered line, waiting until the review service has heard of the delivery; once is enough."""
    body = {"line_id": line_id, "rating": rating, "title": title, "text": text, "locale": locale}

    async def publish() -> dict[str, Any]:
        try:
            return dict(await buyer.post("/v1/reviews", body))
        except Refused as refused:
            if refused.code != "already-reviewed":
                raise
            return dict(refused.problem)

    return await until("the review is accepted", publish, pause=_STEP_SECONDS)
