"""Refresh tokens and their families."""

from datetime import timedelta
from typing import Any

from chassis.db import HotTransaction

_FIND = """
SELECT f.family_id, f.account_id, t.spent_at, t.spent_at IS NOT NULL AND t.spent_at <= now() - %(grace)s AS reused
FROM refresh_tokens t JOIN refresh_families f USING (family_id)
WHERE t.token_hash = %(token_hash)s AND f.expires_at > now()
FOR UPDATE OF f
"""
_ADD_FAMILY = """
INSERT INTO refresh_families (family_id, account_id, device, expires_at)
VALUES (%(family_id)s, %(account_id)s, %(device)s, now() + %(life)s)
"""


async def find_for_update(tx: HotTransaction, token_hash: bytes, *, grace: timedelta) -> dict[str, Any] | None:
    """The token's family, locked; ``reused`` when the token was spent longer than ``grace`` ago."""
    return await tx.row(_FIND, {"token_hash": token_hash, "grace": grace})


async def add_family(tx: HotTransaction, values: dict[str, Any]) -> None:
    await tx.execute(_ADD_FAMILY, values)


async def add_token(tx: HotTransaction, token_hash: bytes, family_id: str) -> None:
    await tx.execute("INSERT INTO refresh_tokens (token_hash, family_id) VALUES (%s, %s)", (token_hash, family_id))


async def spend(tx: HotTransaction, token_hash: bytes) -> None:
    await tx.execute(
        "UPDATE refresh_tokens SET spent_at = coalesce(spent_at, now()) WHERE token_hash = %s", (token_hash,)
    )


async def end_family(tx: HotTransaction, family_id: str) -> None:
    await tx.execute("DELETE FROM refresh_families WHERE family_id = %s", (family_id,))
