"""Accounts, their passwords and what was tried to register."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chassis.db import HotTransaction

_TO_PROVE = """
SELECT a.account_id, a.granted_roles, a.verified_at IS NOT NULL AS verified,
       CASE WHEN a.verified_at IS NULL
            THEN (SELECT r.password_hash FROM registrations r WHERE r.account_id = a.account_id
                  ORDER BY r.registration_id DESC LIMIT 1)
            ELSE (SELECT p.hash FROM passwords p WHERE p.account_id = a.account_id) END AS password_hash
FROM accounts a WHERE a.email_key = %(email_key)s
"""
_PROFILE = """
SELECT a.account_id, a.email, a.display_name, a.locale, a.verified_at IS NOT NULL AS verified, a.granted_roles,
       a.created_at,
       coalesce((SELECT jsonb_agg(jsonb_build_object('seller_id', s.seller_id, 'handle', s.handle, 'name', s.name,
                                                     'role', m.role, 'status', s.status) ORDER BY s.seller_id)
                 FROM seller_members m JOIN sellers s USING (seller_id) WHERE m.account_id = a.account_id), '[]') AS sellers
FROM accounts a
"""
_CREATE = """
INSERT INTO accounts (account_id, email, email_key, display_name, locale, sequence)
VALUES (%(account_id)s, %(email)s, %(email_key)s, %(display_name)s, %(locale)s, 1)
ON CONFLICT (email_key) DO NOTHING
"""
_CREATE_GUEST = """
INSERT INTO accounts (account_id, email, display_name, locale, sequence)
VALUES (%(account_id)s, %(email)s, %(display_name)s, %(locale)s, 1)
"""
_ADD_REGISTRATION = """
INSERT INTO registrations (registration_id, account_id, password_hash, display_name, locale)
VALUES (%(registration_id)s, %(account_id)s, %(password_hash)s, %(display_name)s, %(locale)s)
"""
_CONFIRM = """
UPDATE accounts a SET verified_at = now(), sequence = sequence + 1, display_name = r.display_name, locale = r.locale,
                      email_key = %(email_key)s
FROM registrations r
WHERE a.account_id = %(account_id)s AND a.verified_at IS NULL AND r.registration_id = %(registration_id)s
  AND NOT EXISTS (SELECT FROM accounts o WHERE o.email_key = %(email_key)s AND o.account_id <> a.account_id)
RETURNING a.sequence, a.email_key, r.password_hash
"""
_STORE_HASH = """
INSERT INTO passwords (account_id, hash) VALUES (%(account_id)s, %(hash)s)
ON CONFLICT (account_id) DO UPDATE SET hash = excluded.hash, changed_at = now()
"""


@dataclass(frozen=True, slots=True)
class Provable:
    """What a password is checked against; ``password_hash`` of an unverified account is its newest registration's."""

    account_id: str
    granted_roles: list[str]
    verified: bool
    password_hash: str | None


async def to_prove(tx: HotTransaction, email_key: str) -> Provable | None:
    row = await tx.row(_TO_PROVE, {"email_key": email_key})
    return Provable(**row) if row else None


async def by_key_for_update(tx: HotTransaction, email_key: str) -> dict[str, Any] | None:
    query = "SELECT account_id, verified_at IS NOT NULL AS verified FROM accounts WHERE email_key = %s FOR UPDATE"
    return await tx.row(query, (email_key,))


async def profile(tx: HotTransaction, account_id: str) -> dict[str, Any] | None:
    return await tx.row(f"{_PROFILE} WHERE a.account_id = %s", (account_id,))


async def contacts(tx: HotTransaction, account_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Addresses of people, for mails that are being sent."""
    query = "SELECT account_id, email, display_name, locale FROM accounts WHERE account_id = ANY(%s)"
    return await tx.rows(query, (list(account_ids),)) if account_ids else []


async def profile_by_key(tx: HotTransaction, email_key: str) -> dict[str, Any] | None:
    return await tx.row(f"{_PROFILE} WHERE a.email_key = %s", (email_key,))


async def create(tx: HotTransaction, values: dict[str, Any]) -> bool:
    """False when the address is known."""
    return await tx.count(_CREATE, values) == 1


async def create_guest(tx: HotTransaction, values: dict[str, Any]) -> None:
    await tx.execute(_CREATE_GUEST, values)


async def guest_email_for_update(tx: HotTransaction, account_id: str) -> str | None:
    """What this guest typed; None when there is no such guest (any more)."""
    query = "SELECT email FROM accounts WHERE account_id = %s AND verified_at IS NULL AND email_key IS NULL FOR UPDATE"
    row = await tx.row(query, (account_id,))
    return row["email"] if row else None


async def add_registration(tx: HotTransaction, values: dict[str, Any]) -> None:
    await tx.execute(_ADD_REGISTRATION, values)


async def newest_registration(tx: HotTransaction, account_id: str) -> str | None:
    query = "SELECT registration_id FROM registrations WHERE account_id = %s ORDER BY registration_id DESC LIMIT 1"
    row = await tx.row(query, (account_id,))
    return row["registration_id"] if row else None


async def confirm(
    tx: HotTransaction, account_id: str, registration_id: str, *, email_key: str
) -> dict[str, Any] | None:
    """Make the account verified with what this registration said; None when it already is, or the address is another's."""
    values = {"account_id": account_id, "registration_id": registration_id, "email_key": email_key}
    row = await tx.row(_CONFIRM, values)
    if row:
        await tx.execute("DELETE FROM registrations WHERE account_id = %s", (account_id,))
    return row


async def set_password(tx: HotTransaction, account_id: str, hashed: str) -> None:
    await tx.execute(_STORE_HASH, {"account_id": account_id, "hash": hashed})


async def replace_hash(tx: HotTransaction, account_id: str, *, old: str, new: str) -> None:
    """Store the same password with new parameters, unless it was changed meanwhile."""
    await tx.execute("UPDATE passwords SET hash = %s WHERE account_id = %s AND hash = %s", (new, account_id, old))


async def password_hash(tx: HotTransaction, account_id: str) -> str | None:
    row = await tx.row("SELECT hash FROM passwords WHERE account_id = %s", (account_id,))
    return row["hash"] if row else None


async def next_sequence(tx: HotTransaction, account_id: str) -> int:
    """Raise the account's event counter under its row lock."""
    query = "UPDATE accounts SET sequence = sequence + 1 WHERE account_id = %s RETURNING sequence"
    row = await tx.row(query, (account_id,))
    if row is None:
        raise LookupError(account_id)
    return int(row["sequence"])


async def update_profile(tx: HotTransaction, account_id: str, *, display_name: str | None, locale: str | None) -> None:
    query = """UPDATE accounts SET display_name = coalesce(%s, display_name), locale = coalesce(%s, locale)
               WHERE account_id = %s"""
    await tx.execute(query, (display_name, locale, account_id))


async def set_granted_roles(tx: HotTransaction, account_id: str, roles: list[str]) -> bool:
    """False when there is no such verified account."""
    query = "UPDATE accounts SET granted_roles = %s WHERE account_id = %s AND verified_at IS NOT NULL"
    return await tx.count(query, (roles, account_id)) == 1
