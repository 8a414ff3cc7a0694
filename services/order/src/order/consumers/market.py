"""Projections of other services' state: what is sold, and which shops are open."""

from collections.abc import Sequence

from chassis.consume import Received
from chassis.db import HotTransaction
from contracts.catalog import OfferState
from contracts.identity import SellerState
from order.repository import market


async def on_offers(tx: HotTransaction, batch: Sequence[Received]) -> None:
    """Keep the newest state of each offer."""
    states = [(item.data, item.envelope.sequence) for item in batch if isinstance(item.data, OfferState)]
    await market.upsert_offers(tx, states)


async def on_sellers(tx: HotTransaction, batch: Sequence[Received]) -> None:
    """Keep the newest state of each shop."""
    states = [(item.data, item.envelope.sequence) for item in batch if isinstance(item.data, SellerState)]
    await market.upsert_sellers(tx, states)
