"""Who works for which shop."""

from collections.abc import Sequence
from typing import Any

from chassis.db import HotTransaction

_INVITE = """
INSERT INTO seller_invitations (email_key, seller_id) VALUES (%(email_key)s, %(seller_id)s) ON CONFLICT DO NOTHING
"""
_JOIN = """
WITH accepted AS (DELETE FROM seller_invitations WHERE email_key = %(email_key)s RETURNING seller_id)
INSERT INTO seller_members (account_id, seller_id, role) SELECT %(account_id)s, seller_id, 'staff' FROM accepted
ON CONFLICT DO NOTHING
"""
_LIST = """
SELECT a.account_id, a.display_name, m.role FROM seller_members m JOIN accounts a USING (account_id)
WHERE m.seller_id = %s ORDER BY m.role, a.account_id
"""
_CONTACTS = """
SELECT a.account_id, a.email, a.display_name, a.locale FROM seller_members m JOIN accounts a USING (account_id)
WHERE m.seller_id = %s AND m.role = 'owner' ORDER BY a.account_id
"""

_OWNERS = """
SELECT m.seller_id, a.account_id, a.email, a.display_name, a.locale FROM seller_members m JOIN accounts a USING (account_id)
WHERE m.seller_id = ANY(%s) AND m.role = 'owner' ORDER BY m.seller_id, a.account_id
"""


async def add(tx: HotTransaction, account_id: str, seller_id: str, *, role: str) -> None:
    query = "INSERT INTO seller_members (account_id, seller_id, role) VALUES (%s, %s, %s)"
    await tx.execute(query, (account_id, seller_id, role))


async def count_of(tx: HotTransaction, account_id: str) -> int:
    """How many shops somebody owns; the account's row is locked, so that parallel requests count right."""
    await tx.execute("SELECT 1 FROM accounts WHERE account_id = %s FOR UPDATE", (account_id,))
    query = "SELECT count(*) AS owned FROM seller_members WHERE account_id = %s AND role = 'owner'"
    row = await tx.row(query, (account_id,))
    return int(row["owned"]) if row else 0


async def invite(tx: HotTransaction, email_key: str, seller_id: str) -> None:
    await tx.execute(_INVITE, {"email_key": email_key, "seller_id": seller_id})


async def accept_invitations(tx: HotTransaction, account_id: str, email_key: str) -> None:
    """Turn what waits for this verified address into memberships."""
    await tx.execute(_JOIN, {"account_id": account_id, "email_key": email_key})


async def invited(tx: HotTransaction, seller_id: str) -> list[str]:
    query = "SELECT email_key FROM seller_invitations WHERE seller_id = %s ORDER BY email_key"
    return [row["email_key"] for row in await tx.rows(query, (seller_id,))]


async def of_seller(tx: HotTransaction, seller_id: str) -> list[dict[str, Any]]:
    return await tx.rows(_LIST, (seller_id,))


async def remove(tx: HotTransaction, account_id: str, seller_id: str) -> bool:
    query = "DELETE FROM seller_members WHERE account_id = %s AND seller_id = %s"
    return await tx.count(query, (account_id, seller_id)) == 1


async def owners_for_update(tx: HotTransaction, seller_id: str) -> list[str]:
    query = "SELECT account_id FROM seller_members WHERE seller_id = %s AND role = 'owner' FOR UPDATE"
    return [row["account_id"] for row in await tx.rows(query, (seller_id,))]


async def contacts(tx: HotTransaction, seller_id: str) -> list[dict[str, Any]]:
    """Owners with their addresses, for a mail that is being sent."""
    return await tx.rows(_CONTACTS, (seller_id,))


async def owners(tx: HotTransaction, seller_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The same of several shops."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in await tx.rows(_OWNERS, (list(seller_ids),)) if seller_ids else ():
        found.setdefault(row.pop("seller_id"), []).append(row)
    return found
