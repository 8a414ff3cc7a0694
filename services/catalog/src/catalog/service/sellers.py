"""Following the shops: a shop that opens, pauses or closes takes its offers with it."""

from collections.abc import Sequence

from catalog.repository import offers, sellers
from catalog.repository.sellers import SellerRow
from catalog.service.announcements import announce
from chassis import context
from chassis.db import HotTransaction


async def apply_sellers(tx: HotTransaction, told: Sequence[tuple[SellerRow, context.Cause]]) -> None:
    """Store the newest of what was told about each shop, and announce the offers of shops whose status changed."""
    newest: dict[str, tuple[SellerRow, context.Cause]] = {}
    for seller, cause in told:
        known = newest.get(seller.seller_id)
        if known is None or known[0].sequence < seller.sequence:
            newest[seller.seller_id] = (seller, cause)
    changed = await sellers.apply(tx, [seller for seller, _ in newest.values()])
    if changed:
        touched = await offers.touch_of_sellers(tx, changed)
        await announce(tx, touched, cause_of=lambda state: newest[state.seller_id][1])
