"""The list in somebody's account."""

from collections.abc import Sequence
from typing import Any

from chassis.db import HotTransaction

_PAGE = """
SELECT n.notification_id, n.kind, n.details, n.link, n.created_at, o.number, n.notification_id <= coalesce(r.up_to, '') AS read
FROM notifications n LEFT JOIN orders o USING (order_id) LEFT JOIN read_marks r ON r.account_id = %(account_id)s
WHERE n.audience_id = ANY(%(audiences)s) AND n.notification_id < %(before)s
ORDER BY n.notification_id DESC LIMIT %(limit)s
"""
_UNREAD = """
SELECT count(*) AS unread FROM (
    SELECT 1 FROM notifications n WHERE n.audience_id = ANY(%(audiences)s) AND n.notification_id >
        coalesce((SELECT up_to FROM read_marks WHERE account_id = %(account_id)s), '') LIMIT %(most)s) AS newer
"""
_MARK = """
INSERT INTO read_marks AS m (account_id, up_to) VALUES (%s, %s)
ON CONFLICT (account_id) DO UPDATE SET up_to = greatest(m.up_to, excluded.up_to)
"""


async def page(
    tx: HotTransaction, account_id: str, audiences: Sequence[str], *, before: str, limit: int
) -> list[dict[str, Any]]:
    """Newest first, older than the id ``before``. ``audiences``: the account and its shops."""
    values = {"account_id": account_id, "audiences": list(audiences), "before": before, "limit": limit}
    return await tx.rows(_PAGE, values)


async def unread(tx: HotTransaction, account_id: str, audiences: Sequence[str], *, most: int) -> int:
    """How many are newer than the read mark, counted up to ``most``."""
    values = {"account_id": account_id, "audiences": list(audiences), "most": most}
    row = await tx.row(_UNREAD, values)
    return int(row["unread"]) if row else 0


async def mark_read(tx: HotTransaction, account_id: str, up_to: str) -> None:
    await tx.execute(_MARK, (account_id, up_to))
