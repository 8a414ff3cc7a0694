"""Pages of the site, as a visitor without an account sees them; the gateway's cache is warm."""

from itertools import count
from urllib.parse import quote

from halles_bench.measure import Operation
from halles_bench.world import World

_PRODUCTS = 100


async def pages(world: World) -> list[Operation]:
    """A product's page and a page of search results."""
    statement = "SELECT product_id FROM shelves WHERE shelf_id = 'all' ORDER BY md5(product_id) LIMIT %s"
    ids = await world.databases.column("catalog", statement, (_PRODUCTS,))
    site = world.stack.ports.url("web")
    words = ("miel", "savon", "laine", "thym", "huile")
    return [
        _reading(world, "site-product", "product page of the site", [f"{site}/products/{one}" for one in ids]),
        _reading(world, "site-search", "search page of the site", [f"{site}/search?q={quote(word)}" for word in words]),
    ]


def _reading(world: World, name: str, title: str, addresses: list[str]) -> Operation:
    numbers = count()

    async def call(_: int) -> None:
        await world.get(addresses[next(numbers) % len(addresses)])

    return Operation(name=name, title=title, call=call)
