"""What catalog does when others speak: commands about stock, shops that open and close, and everything for the search index."""

from collections.abc import Sequence

from catalog.ports import SearchWriter
from catalog.repository.sellers import SellerRow
from catalog.service.reservations import run_commands
from catalog.service.sellers import apply_sellers
from chassis.consume import Received, Subscription
from chassis.db import HotTransaction
from contracts import catalog, identity, review
from contracts.catalog import CommitReservation, OfferState, ReleaseStock, ReserveStock
from contracts.identity import SellerState
from contracts.review import RatingState

INDEX_GROUP = "catalog.search-index"
_INDEX_SECONDS = 2.0
"""The first state after a pause is written at once; then those of two seconds become one update of each product."""


def commands_and_shops() -> Subscription:
    """Stock commands are decided once per order and shops are gated by sequence, so re-emitted events are welcome."""
    handlers = {catalog.COMMANDS: on_commands, identity.SELLER: on_sellers}
    return Subscription(group="catalog", handlers=handlers, replays=True)


def search_index(index: SearchWriter) -> Subscription:
    """The index is a projection outside the database: writes are gated by sequence and repeated until they succeed."""

    async def on_offers(batch: Sequence[Received]) -> None:
        await index.put_offers(
            [(item.data, item.envelope.sequence) for item in batch if isinstance(item.data, OfferState)]
        )

    async def on_shops(batch: Sequence[Received]) -> None:
        await index.put_shops(
            [(item.data, item.envelope.sequence) for item in batch if isinstance(item.data, SellerState)]
        )

    async def on_ratings(batch: Sequence[Received]) -> None:
        await index.put_ratings(
            [(item.data, item.envelope.sequence) for item in batch if isinstance(item.data, RatingState)]
        )

    effects = {catalog.OFFER: on_offers, identity.SELLER: on_shops, review.RATING: on_ratings}
    return Subscription(group=INDEX_GROUP, effects=effects, replays=True, gather_seconds=_INDEX_SECONDS)


async def on_commands(tx: HotTransaction, batch: Sequence[Received]) -> None:
    """Decide the batch's stock commands together, in their order."""
    commands = [
        (item.data, item.cause)
        for item in batch
        if isinstance(item.data, ReserveStock | CommitReservation | ReleaseStock)
    ]
    if commands:
        await run_commands(tx, commands)


async def on_sellers(tx: HotTransaction, batch: Sequence[Received]) -> None:
    """Follow the shops."""
    told = [
        (_seller(item.data, item.envelope.sequence), item.cause) for item in batch if isinstance(item.data, SellerState)
    ]
    await apply_sellers(tx, told)


def _seller(state: SellerState, sequence: int) -> SellerRow:
    return SellerRow(
        seller_id=state.seller_id, handle=state.handle, name=state.name, status=state.status, sequence=sequence
    )
