"""Counters of attempts, by key."""

from datetime import timedelta

from chassis.db import HotTransaction
from identity.domain.throttling import Policy

_CHARGE = """
INSERT INTO throttles AS t (key, attempts, charged_at, blocked_until) VALUES (%(key)s, 1, now(), now())
ON CONFLICT (key) DO UPDATE SET
    attempts = CASE WHEN t.charged_at < now() - %(quiet)s THEN 1 ELSE t.attempts + 1 END,
    charged_at = now(),
    blocked_until = now()
WHERE t.blocked_until <= now()
RETURNING attempts
"""


async def charge(tx: HotTransaction, key: str, policy: Policy) -> bool:
    """Count an attempt; False, and nothing counted, while the key is blocked."""
    row = await tx.row(_CHARGE, {"key": key, "quiet": policy.quiet})
    if row is None:
        return False
    if wait := policy.wait_after(row["attempts"]):
        await tx.execute("UPDATE throttles SET blocked_until = now() + %s WHERE key = %s", (wait, key))
    return True


async def blocked_for(tx: HotTransaction, keys: list[str]) -> timedelta:
    """How long the longest blocked of these keys still is; zero when none is."""
    query = "SELECT max(blocked_until) - now() AS left FROM throttles WHERE key = ANY(%s) AND blocked_until > now()"
    row = await tx.row(query, (keys,))
    return (row and row["left"]) or timedelta(0)


async def forgive(tx: HotTransaction, key: str) -> None:
    await tx.execute("DELETE FROM throttles WHERE key = %s", (key,))
