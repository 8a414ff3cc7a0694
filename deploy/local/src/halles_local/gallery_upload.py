"""Pictures on their way into the market: painted beside the seed, uploaded by the shop that shows them."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from halles_local.client.api import Caller
from halles_local.pictures.painting import VIEWS, product_picture, shop_picture

_ALT = {
    "front": ("{fr}", "{en}"),
    "scene": ("{fr}, sur une table près d'une fenêtre", "{en}, on a table by a window"),
    "detail": ("{fr}, vu de près", "{en}, seen close up"),
}


class Painter:
    """``folder`` keeps pictures between runs; ``workers`` paint beside us."""

    def __init__(self, workers: Executor, folder: Path) -> None:
        self._workers = workers
        self._folder = folder

    async def product(self, seller: Caller, seller_id: str, product: dict[str, Any], look: Sequence[str]) -> Any:
        """The gallery of a product, uploaded by this shop. ``look`` is the shop's sign, then the views to paint."""
        sign, *views = look
        images = []
        for view in views:
            data = await self._paint(product_picture, product["look"], sign, product["slug"], view)
            alt = dict(zip(("fr", "en"), (text.format(**product["title"]) for text in _ALT[view]), strict=True))
            images.append({"media_id": await upload(seller, seller_id, data), "alt": alt})
        return images

    async def shop(self, seller: Caller, seller_id: str, look: str) -> None:
        """Give a shop its logo and banner."""
        places = {}
        for place in ("logo", "banner"):
            places[place] = await upload(seller, seller_id, await self._paint(shop_picture, look, place))
        await seller.call("PUT", f"/v1/sellers/{seller_id}/pictures", places)

    async def _paint(self, paint: Callable[..., bytes], *what: str) -> bytes:
        return await asyncio.get_running_loop().run_in_executor(self._workers, paint, self._folder, *what)


def views_of(count: int) -> tuple[str, ...]:
    return VIEWS[:count]


async def upload(seller: Caller, seller_id: str, data: bytes) -> str:
    """Id of the kept picture; the same bytes again give the same id."""
    kept = await seller.upload(f"/v1/sellers/{seller_id}/media", data, media_type="image/jpeg")
    return str(kept["media_id"])
