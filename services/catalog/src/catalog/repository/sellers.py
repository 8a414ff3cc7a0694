"""The projection of shops."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from chassis.db import HotTransaction

_APPLY = """
INSERT INTO sellers AS s (seller_id, handle, name, status, sequence)
SELECT * FROM unnest(%(ids)s::text[], %(handles)s::text[], %(names)s::text[], %(statuses)s::text[], %(sequences)s::bigint[])
    AS n (seller_id, handle, name, status, sequence)
ORDER BY seller_id
ON CONFLICT (seller_id) DO UPDATE SET handle = excluded.handle, name = excluded.name, status = excluded.status,
                                      sequence = excluded.sequence
WHERE s.sequence < excluded.sequence
RETURNING new.seller_id, old.status AS before, new.status AS after
"""
_STATUS = "SELECT status FROM sellers WHERE seller_id = %s FOR SHARE"
_NAMES = "SELECT seller_id, name FROM sellers WHERE seller_id = ANY(%s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerRow:
    """What catalog keeps of a shop."""

    seller_id: str
    handle: str
    name: str
    status: str
    sequence: int


async def apply(tx: HotTransaction, sellers: Sequence[SellerRow]) -> list[str]:
    """Store what is newer than what is known; returns the known shops whose status changed. Ids must be unique."""
    params = {
        "ids": [seller.seller_id for seller in sellers],
        "handles": [seller.handle for seller in sellers],
        "names": [seller.name for seller in sellers],
        "statuses": [seller.status for seller in sellers],
        "sequences": [seller.sequence for seller in sellers],
    }
    rows = await tx.rows(_APPLY, params)
    return [row["seller_id"] for row in rows if row["before"] not in (None, row["after"])]


async def lock_status(tx: HotTransaction, seller_id: str) -> str | None:
    """The shop's status, kept from changing until this transaction ends; None for an unknown shop."""
    row = await tx.row(_STATUS, (seller_id,))
    return row["status"] if row else None


async def names(tx: HotTransaction, seller_ids: Collection[str]) -> dict[str, str]:
    return {row["seller_id"]: row["name"] for row in await tx.rows(_NAMES, (list(seller_ids),))}
