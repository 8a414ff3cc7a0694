"""Following the shops: a shop that opens, pauses or closes takes its offers with it."""

from collections.abc import Sequence

from catalog.repository import offers, sellers
from catalog.repository.sellers import SellerRow
from catalog.service.announcements import announce
from chassis.db import HotTransaction


async def apply_sellers(tx: HotTransaction, told: Sequence[SellerRow]) -> None:
    """Store the newest of what was told about each shop, and announce the offers of shops whose status changed."""
    newest: dict[str, SellerRow] = {}
    for seller in told:
        known = newest.get(seller.seller_id)
        if known is None or known.sequence < seller.sequence:
            newest[seller.seller_id] = seller
    changed = await sellers.apply(tx, list(newest.values()))
    if changed:
        await announce(tx, await offers.touch_of_sellers(tx, changed))
