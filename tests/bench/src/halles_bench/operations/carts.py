"""A buyer's cart: looking at it, and setting a line."""

from itertools import count

from halles_bench.load import Call
from halles_bench.measure import Operation
from halles_bench.world import World
from halles_local.client.buying import put_in_cart

BUYERS = 16
_LINES = 3


async def cart(world: World) -> list[Operation]:
    """A cart of three lines, and one more or fewer of the first."""
    buyers = await world.buyers(BUYERS)
    offers = await sellable(world, limit=200)
    for number, buyer in enumerate(buyers):
        for line in range(_LINES):
            await put_in_cart(buyer, offers[(number * _LINES + line) % len(offers)], 1)

    async def show(worker: int) -> None:
        await buyers[worker].get("/v1/cart")

    return [
        Operation(name="cart", title="cart page, three lines", call=show),
        Operation(name="add", title="add to cart", call=_putting(world, offers, lines=_LINES)),
    ]


def _putting(world: World, offers: list[str], *, lines: int) -> Call:
    """Each worker sets a line of its own cart; the quantity changes with every call."""
    numbers = count(1)
    buyers = world.known_buyers()

    async def put(worker: int) -> None:
        offer_id = offers[(worker * lines) % len(offers)]
        await buyers[worker].call("PUT", f"/v1/cart/lines/{offer_id}", {"quantity": 1 + next(numbers) % 9})

    return put


async def sellable(world: World, *, limit: int) -> list[str]:
    """Offers that order knows, those with the most units first."""
    statement = """
    SELECT offer_id FROM offers JOIN sellers USING (seller_id)
    WHERE offers.status = 'active' AND sellers.status = 'open' AND available > 20
    ORDER BY least(available, 100000) DESC, md5(offer_id) LIMIT %s
    """
    found = await world.databases.column("order", statement, (limit,))
    if not found:
        raise RuntimeError("no offer has enough units")
    return found
