"""All operations by the word that chooses them."""

from collections.abc import Awaitable, Callable

from halles_bench.measure import Operation
from halles_bench.operations import carts, checkout, reading, site, spine
from halles_bench.world import World

Maker = Callable[[World], Awaitable[list[Operation]]]

PAST_THE_CACHE = frozenset({"list", "page", "search", "suggestion"})
"""Need the second gateway."""
EVERY: dict[str, Maker] = {
    "list": reading.product_list,
    "page": reading.product_page,
    "search": reading.search,
    "suggestion": reading.suggestion,
    "cart": carts.cart,
    "checkout": checkout.checkout,
    "event": spine.events,
    "rebuild": spine.rebuilds,
    "site": site.pages,
}
