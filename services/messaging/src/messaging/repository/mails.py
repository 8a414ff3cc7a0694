"""Mails on their way out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chassis.db import HotTransaction
from messaging.domain.delivery import Verdict

_CLAIM = """
UPDATE mails m SET status = 'sending', attempts = attempts + 1, next_at = clock_timestamp() + %(lease)s,
    doubts = doubts + (c.status = 'sending')::integer
FROM (SELECT mail_id, status FROM mails WHERE status IN ('due', 'sending') AND next_at <= statement_timestamp()
      ORDER BY next_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED) AS c
WHERE m.mail_id = c.mail_id
RETURNING m.mail_id, m.dedup_key, m.kind, m.audience_kind, m.audience_id, m.details, m.correlation_id, m.attempts,
          m.doubts, m.created_at, c.status = 'sending' AS lost
"""
_FINISH = """
UPDATE mails SET status = %(status)s, next_at = clock_timestamp() + %(pause)s, last_error = %(error)s,
    doubts = doubts + %(doubt)s, finished_at = CASE WHEN %(status)s = 'due' THEN NULL ELSE clock_timestamp() END
WHERE mail_id = %(mail_id)s AND status = 'sending' AND attempts = %(attempts)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedMail:
    """``lost``: the process that sent it before did not come back, its outcome is unknown."""

    mail_id: str
    dedup_key: str
    kind: str
    audience_kind: str
    audience_id: str
    details: dict[str, Any]
    correlation_id: str
    attempts: int
    doubts: int
    created_at: datetime
    lost: bool


async def claim(tx: HotTransaction, *, limit: int, lease: timedelta) -> list[ClaimedMail]:
    """Mark the most urgent mails as being sent; replicas share them."""
    return [ClaimedMail(**row) for row in await tx.rows(_CLAIM, {"limit": limit, "lease": lease})]


async def finish(tx: HotTransaction, mail: ClaimedMail, verdict: Verdict, *, error: str | None, is_doubt: bool) -> None:
    """Keep what became of a try, unless another process took the mail over meanwhile."""
    values = {"mail_id": mail.mail_id, "attempts": mail.attempts, "status": verdict.status, "pause": verdict.pause}
    await tx.execute(_FINISH, {**values, "error": error, "doubt": int(is_doubt)})


async def order_facts(tx: HotTransaction, order_id: str) -> dict[str, Any] | None:
    query = "SELECT order_id, number, buyer_id, total, seller_orders FROM orders WHERE order_id = %s"
    return await tx.row(query, (order_id,))


async def sweep(tx: HotTransaction, *, mails: timedelta, orders: timedelta) -> None:
    """Forget finished mails, orders and notifications that are older than this."""
    await tx.execute("DELETE FROM mails WHERE finished_at IS NOT NULL AND created_at < now() - %s", (mails,))
    await tx.execute("DELETE FROM notifications WHERE created_at < now() - %s", (orders,))
    await tx.execute("DELETE FROM orders WHERE created_at < now() - %s", (orders,))
