"""Sign-ins: browsers' sessions and apps' refresh families. Reading one for an exchange is a single statement."""

from datetime import timedelta
from typing import Any

from chassis.db import HotTransaction

_SESSION = """
SELECT s.session_id, a.account_id, a.granted_roles, a.verified_at IS NULL AS is_guest, s.created_at, s.idle_until - now() AS idle_left,
       (SELECT coalesce(jsonb_object_agg(m.seller_id, m.role), '{}') FROM seller_members m
        WHERE m.account_id = a.account_id) AS sellers
FROM sessions s JOIN accounts a USING (account_id)
WHERE s.secret_hash = %s AND s.idle_until > now() AND s.expires_at > now()
"""
_FAMILY = """
SELECT f.family_id, a.account_id, a.granted_roles, a.verified_at IS NULL AS is_guest, f.created_at,
       (SELECT coalesce(jsonb_object_agg(m.seller_id, m.role), '{}') FROM seller_members m
        WHERE m.account_id = a.account_id) AS sellers
FROM refresh_families f JOIN accounts a USING (account_id)
WHERE f.family_id = %s AND f.account_id = %s AND f.expires_at > now()
"""
_ADD = """
INSERT INTO sessions (secret_hash, session_id, account_id, device, idle_until, expires_at)
VALUES (%(secret_hash)s, %(session_id)s, %(account_id)s, %(device)s, now() + %(idle)s, now() + %(absolute)s)
RETURNING expires_at
"""
_OF_ACCOUNT = """
SELECT session_id, 'browser' AS kind, device, created_at, seen_at FROM sessions
WHERE account_id = %(account_id)s AND idle_until > now() AND expires_at > now()
UNION ALL
SELECT family_id, 'app', device, created_at, NULL FROM refresh_families
WHERE account_id = %(account_id)s AND expires_at > now()
ORDER BY created_at DESC
"""


async def add(tx: HotTransaction, values: dict[str, Any]) -> Any:
    """Insert a session and return when it ends at the latest."""
    row = await tx.row(_ADD, values)
    return row["expires_at"] if row else None


async def live(tx: HotTransaction, secret_hash: bytes) -> dict[str, Any] | None:
    return await tx.row(_SESSION, (secret_hash,))


async def live_family(tx: HotTransaction, family_id: str, account_id: str) -> dict[str, Any] | None:
    return await tx.row(_FAMILY, (family_id, account_id))


async def touch(tx: HotTransaction, session_id: str, *, idle: timedelta) -> None:
    query = "UPDATE sessions SET seen_at = now(), idle_until = now() + %s WHERE session_id = %s"
    await tx.execute(query, (idle, session_id))


async def of_account(tx: HotTransaction, account_id: str) -> list[dict[str, Any]]:
    return await tx.rows(_OF_ACCOUNT, {"account_id": account_id})


async def end(tx: HotTransaction, account_id: str, session_id: str) -> bool:
    """End one sign-in of this account, of either kind; False when it has no such one."""
    values = (session_id, account_id)
    sessions = await tx.count("DELETE FROM sessions WHERE session_id = %s AND account_id = %s", values)
    families = await tx.count("DELETE FROM refresh_families WHERE family_id = %s AND account_id = %s", values)
    return sessions + families > 0


async def end_all(tx: HotTransaction, account_id: str, *, but: str = "") -> None:
    """End every sign-in of an account, except the one with the id ``but``."""
    values = (account_id, but)
    await tx.execute("DELETE FROM sessions WHERE account_id = %s AND session_id <> %s", values)
    await tx.execute("DELETE FROM refresh_families WHERE account_id = %s AND family_id <> %s", values)
