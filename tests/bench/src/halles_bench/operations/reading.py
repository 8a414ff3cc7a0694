"""Public reads: list, page, search, suggestions; from the cache of the gateway and past it."""

from itertools import count
from urllib.parse import quote

from halles_bench.load import Call
from halles_bench.measure import Operation
from halles_bench.world import World

_CACHED_PAGES = 200
_PAGES = 2_000
_LISTS = 40
_WORDS = 400


async def product_list(world: World) -> list[Operation]:
    """Twenty products, newest first: everything and each category; past the cache also further pages."""
    paths = await _lists(world)
    return [
        Operation(name="list", title="product list of 20, from the cache", call=_each(world, world.gateway, paths)),
        Operation(
            name="list-uncached",
            title="product list of 20, cache off",
            call=_each(world, world.past_the_cache, paths),
        ),
    ]


async def product_page(world: World) -> list[Operation]:
    """The composed page: product, offers, shops, first reviews."""
    ids = await world.databases.column(
        "catalog",
        "SELECT product_id FROM shelves WHERE shelf_id = 'all' ORDER BY md5(product_id) LIMIT %s",
        (_PAGES,),
    )
    paths = [f"/v1/products/{product_id}" for product_id in ids]
    return [
        Operation(
            name="page",
            title="product page, from the cache",
            call=_each(world, world.gateway, paths[:_CACHED_PAGES]),
        ),
        Operation(
            name="page-uncached", title="product page, cache off", call=_each(world, world.past_the_cache, paths)
        ),
    ]


async def search(world: World) -> list[Operation]:
    """One or two words of the market's own titles, all facets, 24 hits; past the cache, every few calls another filter."""
    words = await _vocabulary(world)
    queries = [world.random.sample(words, world.random.choice((1, 1, 2))) for _ in range(_WORDS)]
    filters = ("", "", "", "&in_stock=true", "&max_price=2500", "&sort=price")
    paths = [
        f"/v1/search?q={quote(' '.join(query))}&lang=fr{filters[number % len(filters)]}"
        for number, query in enumerate(queries)
    ]
    return [
        Operation(
            name="search",
            title="faceted search",
            call=_each(world, world.past_the_cache, paths),
            warm_seconds=40.0,
            seconds=8.0,
        )
    ]


async def suggestion(world: World) -> list[Operation]:
    """What is being typed: beginnings of the market's words, two to five letters."""
    words = await _vocabulary(world)
    starts = [word[: world.random.randint(2, 5)] for word in world.random.choices(words, k=_WORDS)]
    paths = [f"/v1/suggestions?q={quote(start)}&lang=fr" for start in starts]
    call = _each(world, world.past_the_cache, paths)
    return [Operation(name="suggestion", title="suggestion while typing", call=call, warm_seconds=15.0)]


def _each(world: World, address: str, paths: list[str]) -> Call:
    """Ask for one after the other, for ever."""
    if not paths:
        raise RuntimeError("the market is empty: nothing to ask for")
    numbers = count()

    async def call(_: int) -> None:
        await world.get(address + paths[next(numbers) % len(paths)])

    return call


async def _lists(world: World) -> list[str]:
    slugs = await world.databases.column("catalog", "SELECT slug FROM categories ORDER BY slug LIMIT %s", (_LISTS,))
    return ["/v1/products?limit=20", *(f"/v1/products?category={slug}&limit=20" for slug in slugs)]


async def _vocabulary(world: World) -> list[str]:
    """Words of titles, the most frequent ones left out as a buyer's search would."""
    statement = """
    SELECT word FROM (
        SELECT lower(unnest(regexp_split_to_array(title_fr, '[^[:alpha:]]+'))) AS word
        FROM (SELECT title_fr FROM products ORDER BY product_id DESC LIMIT 20000) AS newest
    ) AS words WHERE length(word) > 3 GROUP BY word ORDER BY md5(word) LIMIT 300
    """
    return await world.databases.column("catalog", statement)
