"""Projections of other services' state, gated by sequence: duplicates and late copies change nothing."""

from collections.abc import Sequence

from chassis.db import HotTransaction
from contracts.catalog import OfferState
from contracts.identity import SellerState

_UPSERT_OFFERS = """
INSERT INTO offers (offer_id, sequence, product_id, variant_id, sku, seller_id, category_id, status,
                    title_fr, title_en, variant_fr, variant_en, image_url, price, currency, available)
SELECT * FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
                     %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::bigint[])
ON CONFLICT (offer_id) DO UPDATE SET
    sequence = excluded.sequence, product_id = excluded.product_id, variant_id = excluded.variant_id, sku = excluded.sku,
    seller_id = excluded.seller_id, category_id = excluded.category_id, status = excluded.status,
    title_fr = excluded.title_fr, title_en = excluded.title_en, variant_fr = excluded.variant_fr,
    variant_en = excluded.variant_en, image_url = excluded.image_url, price = excluded.price,
    currency = excluded.currency, available = excluded.available
WHERE offers.sequence < excluded.sequence
"""
_UPSERT_SELLERS = """
INSERT INTO sellers (seller_id, sequence, status)
SELECT * FROM unnest(%s::text[], %s::bigint[], %s::text[])
ON CONFLICT (seller_id) DO UPDATE SET sequence = excluded.sequence, status = excluded.status
WHERE sellers.sequence < excluded.sequence
"""


async def upsert_offers(tx: HotTransaction, states: Sequence[tuple[OfferState, int]]) -> None:
    """Keep the newest of each offer, in one statement. States come with their sequences."""
    await _upsert(tx, _UPSERT_OFFERS, [_offer_row(offer, sequence) for offer, sequence in states])


async def upsert_sellers(tx: HotTransaction, states: Sequence[tuple[SellerState, int]]) -> None:
    """Keep the newest of each shop, in one statement."""
    await _upsert(tx, _UPSERT_SELLERS, [(seller.seller_id, sequence, seller.status) for seller, sequence in states])


async def _upsert(tx: HotTransaction, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    """``rows`` begin with key and sequence. One statement may touch a key once, and sorted keys cannot deadlock."""
    newest: dict[object, tuple[object, ...]] = {}
    for row in sorted(rows, key=lambda row: (row[0], row[1])):
        newest[row[0]] = row
    if newest:
        await tx.execute(statement, [list(column) for column in zip(*newest.values(), strict=True)])


def _offer_row(offer: OfferState, sequence: int) -> tuple[object, ...]:
    return (
        offer.offer_id,
        sequence,
        offer.product_id,
        offer.variant_id,
        offer.sku,
        offer.seller_id,
        offer.category_path[-1],
        offer.status,
        offer.title.fr,
        offer.title.en,
        offer.variant.fr,
        offer.variant.en,
        offer.image_url,
        offer.price.amount,
        offer.price.currency,
        offer.available,
    )
