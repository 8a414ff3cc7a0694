"""Mails on their way out."""

from collections.abc import Sequence
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
UPDATE mails m SET status = e.status, next_at = clock_timestamp() + e.pause, last_error = e.error,
    doubts = m.doubts + e.doubt, finished_at = CASE WHEN e.status = 'due' THEN NULL ELSE clock_timestamp() END
FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::interval[], %s::text[], %s::bigint[])
    AS e (mail_id, attempts, status, pause, error, doubt)
WHERE m.mail_id = e.mail_id AND m.status = 'sending' AND m.attempts = e.attempts
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


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """What became of a try."""

    mail: ClaimedMail
    verdict: Verdict
    error: str | None
    is_doubt: bool


async def finish(tx: HotTransaction, ends: Sequence[End]) -> None:
    """Keep what became of tries, except for mails that another process took over meanwhile."""
    rows = [
        (e.mail.mail_id, e.mail.attempts, e.verdict.status, e.verdict.pause, e.error, int(e.is_doubt)) for e in ends
    ]
    if rows:
        await tx.execute(_FINISH, [list(column) for column in zip(*rows, strict=True)])


async def orders_of(tx: HotTransaction, claimed: Sequence[ClaimedMail]) -> dict[str, dict[str, Any]]:
    """The orders that these mails are about, as far as they are known here, by id."""
    query = "SELECT order_id, number, buyer_id, total, seller_orders FROM orders WHERE order_id = ANY(%s)"
    ids = sorted({mail.details["order_id"] for mail in claimed if "order_id" in mail.details})
    return {row["order_id"]: row for row in await tx.rows(query, (ids,))} if ids else {}


async def sweep(tx: HotTransaction, *, mails: timedelta, orders: timedelta) -> None:
    """Forget finished mails, orders and notifications that are older than this."""
    await tx.execute("DELETE FROM mails WHERE finished_at IS NOT NULL AND created_at < now() - %s", (mails,))
    await tx.execute("DELETE FROM notifications WHERE created_at < now() - %s", (orders,))
    await tx.execute("DELETE FROM orders WHERE created_at < now() - %s", (orders,))
