"""Shops."""

from typing import Any

from psycopg.errors import UniqueViolation

from chassis.db import HotTransaction
from identity.domain.errors import HandleTaken

_ADD = """
INSERT INTO sellers (seller_id, handle, name, description_fr, description_en, town, postal_code, country, latitude,
                     longitude, story, shipping_policy, returns_policy, status, sequence)
VALUES (%(seller_id)s, %(handle)s, %(name)s, %(description_fr)s, %(description_en)s, %(town)s, %(postal_code)s,
        %(country)s, %(latitude)s, %(longitude)s, %(story)s, %(shipping_policy)s, %(returns_policy)s,
        'pending', 1)
RETURNING *
"""
_CHANGE = """
UPDATE sellers SET sequence = sequence + 1, name = coalesce(%(name)s, name),
    description_fr = coalesce(%(description_fr)s, description_fr),
    description_en = coalesce(%(description_en)s, description_en), town = coalesce(%(town)s, town),
    postal_code = coalesce(%(postal_code)s, postal_code), country = coalesce(%(country)s, country),
    latitude = coalesce(%(latitude)s, latitude), longitude = coalesce(%(longitude)s, longitude),
    story = coalesce(%(story)s, story), shipping_policy = coalesce(%(shipping_policy)s, shipping_policy),
    returns_policy = coalesce(%(returns_policy)s, returns_policy)
WHERE seller_id = %(seller_id)s RETURNING *
"""
_MOVE = """
UPDATE sellers SET sequence = sequence + 1, status = %(status)s, reason = %(reason)s,
    opened_at = CASE WHEN %(status)s = 'open' THEN coalesce(opened_at, now()) ELSE opened_at END
WHERE seller_id = %(seller_id)s RETURNING *
"""
_PAGE = "SELECT * FROM sellers WHERE seller_id > %(after)s ORDER BY seller_id LIMIT %(limit)s"
_PAGE_OF_STATUS = """
SELECT * FROM sellers WHERE status = %(status)s AND seller_id > %(after)s ORDER BY seller_id LIMIT %(limit)s
"""
_PAYOUT = """
UPDATE sellers s SET payout_status = n.status, payout_sequence = n.sequence
FROM (SELECT DISTINCT ON (seller_id) seller_id, status, sequence
      FROM unnest(%(seller_ids)s::text[], %(statuses)s::text[], %(sequences)s::bigint[]) AS t (seller_id, status, sequence)
      ORDER BY seller_id, sequence DESC) AS n
WHERE s.seller_id = n.seller_id AND s.payout_sequence < n.sequence
"""


async def add(tx: HotTransaction, values: dict[str, Any]) -> dict[str, Any]:
    """Insert a pending shop; raises ``HandleTaken``."""
    try:
        row = await tx.row(_ADD, values)
    except UniqueViolation:
        raise HandleTaken("Choose another address for the shop.") from None
    return row or {}


async def find(tx: HotTransaction, id_or_handle: str) -> dict[str, Any] | None:
    """By id or handle; handles never look like ids, which hold an underscore."""
    by_id, by_handle = "SELECT * FROM sellers WHERE seller_id = %s", "SELECT * FROM sellers WHERE handle = %s"
    return await tx.row(by_id if "_" in id_or_handle else by_handle, (id_or_handle,))


async def status_for_update(tx: HotTransaction, seller_id: str) -> str | None:
    row = await tx.row("SELECT status FROM sellers WHERE seller_id = %s FOR UPDATE", (seller_id,))
    return row["status"] if row else None


async def some(tx: HotTransaction, seller_ids: list[str]) -> list[dict[str, Any]]:
    """Shops by id that were ever open; unknown ids are left out."""
    return await tx.rows("SELECT * FROM sellers WHERE seller_id = ANY(%s) AND status <> 'pending'", (seller_ids,))


async def page(tx: HotTransaction, *, status: str | None, after: str, limit: int) -> list[dict[str, Any]]:
    """Shops in the order of their ids, which is the order of their making, after the id ``after``."""
    query = _PAGE_OF_STATUS if status else _PAGE
    return await tx.rows(query, {"after": after, "status": status, "limit": limit})


async def change(tx: HotTransaction, values: dict[str, Any]) -> dict[str, Any] | None:
    """Change what is not None; None when there is no such shop."""
    return await tx.row(_CHANGE, values)


async def move(tx: HotTransaction, seller_id: str, *, status: str, reason: str | None) -> dict[str, Any] | None:
    return await tx.row(_MOVE, {"seller_id": seller_id, "status": status, "reason": reason})


async def set_payout_status(
    tx: HotTransaction, *, seller_ids: list[str], statuses: list[str], sequences: list[int]
) -> None:
    """Keep the newest state that payment told of each shop; older and repeated ones change nothing."""
    await tx.execute(_PAYOUT, {"seller_ids": seller_ids, "statuses": statuses, "sequences": sequences})
