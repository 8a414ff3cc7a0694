"""A checkout of two sellers: accepted, decided, and every event of it consumed everywhere."""

import asyncio
from itertools import pairwise

from halles_bench.load import Failed
from halles_bench.measure import Operation
from halles_bench.operations.carts import BUYERS
from halles_bench.rest import at_rest
from halles_bench.world import World
from halles_local.client.buying import address, put_in_cart

_CARTS = 32
_AT_ONCE = 8
_SHIP_TO = address("Marie Banc", "3 rue du Banc d'essai", "69005", "Lyon")
_ORDERED = "confirmed"


async def checkout(world: World) -> list[Operation]:
    """``CARTS`` full carts are prepared outside the measured time; each call orders one of them."""
    buyers = await world.buyers(max(_CARTS, BUYERS))
    pairs = await _pairs(world)
    full: asyncio.Queue[int] = asyncio.Queue()

    async def fill() -> None:
        places = asyncio.Semaphore(_AT_ONCE)

        async def one(number: int) -> None:
            async with places:
                await _empty(world, number)
                for offer_id in pairs[number % len(pairs)]:
                    await put_in_cart(buyers[number], offer_id, 1)

        while not full.empty():
            full.get_nowait()
        await asyncio.gather(*(one(number) for number in range(_CARTS)))
        for number in range(_CARTS):
            full.put_nowait(number)

    async def order(_: int) -> None:
        buyer = buyers[full.get_nowait()]
        cart = await buyer.get("/v1/cart")
        body = {"cart_version": cart["version"], "payment_method": "pm_card_visa", "shipping_address": _SHIP_TO}
        decided = await buyer.post("/v1/checkouts", body, wait=20)
        if decided.get("status") != _ORDERED:
            raise Failed(f"the order was not confirmed: {decided}")

    async def settle() -> None:
        await at_rest(world)

    return [
        Operation(
            name="checkout",
            title="checkout of two sellers, all events consumed everywhere",
            call=order,
            settle=settle,
            prepare=fill,
            seconds=60.0,
            warm_seconds=60.0,
            warm_rounds=2,
            most=_CARTS,
        )
    ]


async def _empty(world: World, number: int) -> None:
    """Lines that an earlier operation left in the cart would be bought too."""
    buyer = world.known_buyers()[number]
    cart = await buyer.get("/v1/cart")
    for group in cart["sellers"]:
        for line in group["lines"]:
            await buyer.call("DELETE", f"/v1/cart/lines/{line['offer_id']}")


async def _pairs(world: World) -> list[tuple[str, str]]:
    """Offers of two different sellers each."""
    statement = """
    SELECT array_agg(offer_id) FROM (
        SELECT offer_id, seller_id, row_number() OVER (PARTITION BY seller_id ORDER BY least(available, 100000) DESC, md5(offer_id)) AS n
        FROM offers JOIN sellers USING (seller_id)
        WHERE offers.status = 'active' AND sellers.status = 'open' AND available > 20
    ) AS o WHERE n <= 40 GROUP BY seller_id ORDER BY seller_id
    """
    groups = await world.databases.column("order", statement)
    if len(groups) < 2:
        raise RuntimeError("two shops with enough units are needed")
    return [pair for first, second in pairwise(groups) for pair in zip(first, second, strict=False)]
