"""Mails asked for, and the secrets in them."""

from datetime import timedelta
from typing import Any

from chassis.db import HotTransaction

_ADD = """
INSERT INTO mail_requests (request_id, account_id, purpose, registration_id)
VALUES (%(request_id)s, %(account_id)s, %(purpose)s, %(registration_id)s)
"""
_RECENT = """
SELECT count(*) AS in_a_day, coalesce(bool_or(created_at > now() - %(apart)s), false) AS just_now
FROM mail_requests
WHERE account_id = %(account_id)s AND purpose = %(purpose)s AND created_at > now() - interval '1 day'
"""
_FOR_SENDING = """
SELECT m.request_id, m.purpose, m.registration_id, a.account_id, a.email,
       coalesce(r.display_name, a.display_name) AS display_name, coalesce(r.locale, a.locale) AS locale
FROM mail_requests m JOIN accounts a USING (account_id) LEFT JOIN registrations r USING (registration_id)
WHERE m.request_id = %(request_id)s AND m.created_at > now() - %(life)s
  AND (m.purpose <> 'verify-email' OR r.registration_id IS NOT NULL)
"""
_ADD_LINK = "INSERT INTO mail_tokens (token_hash, request_id, expires_at) VALUES (%s, %s, now() + %s)"
_SPEND = """
WITH used AS (
    SELECT m.account_id, m.purpose, m.registration_id, a.email
    FROM mail_tokens t JOIN mail_requests m USING (request_id) JOIN accounts a USING (account_id)
    WHERE t.token_hash = %(token_hash)s AND t.expires_at > now() AND m.purpose = %(purpose)s
    FOR UPDATE OF t
), spent AS (
    DELETE FROM mail_tokens t USING mail_requests m, used u
    WHERE t.request_id = m.request_id AND m.account_id = u.account_id AND m.purpose = u.purpose
)
SELECT account_id, registration_id, email FROM used
"""
_OWNER_OF = """
SELECT m.account_id, a.email, a.display_name FROM mail_tokens t
JOIN mail_requests m USING (request_id) JOIN accounts a USING (account_id)
WHERE t.token_hash = %s AND t.expires_at > now() AND m.purpose = %s
"""


async def add(tx: HotTransaction, values: dict[str, Any]) -> None:
    await tx.execute(_ADD, values)


async def is_too_many(tx: HotTransaction, account_id: str, purpose: str, *, apart: timedelta, a_day: int) -> bool:
    """True when such a mail went out ``apart`` ago or later, or ``a_day`` times within a day."""
    row = await tx.row(_RECENT, {"account_id": account_id, "purpose": purpose, "apart": apart})
    return bool(row and (row["just_now"] or row["in_a_day"] >= a_day))


async def for_sending(tx: HotTransaction, request_id: str, *, life: timedelta) -> dict[str, Any] | None:
    """Whom to write to; None when the request is unknown, too old, or its registration was settled."""
    return await tx.row(_FOR_SENDING, {"request_id": request_id, "life": life})


async def add_token(tx: HotTransaction, token_hash: bytes, request_id: str, *, life: timedelta) -> None:
    await tx.execute(_ADD_LINK, (token_hash, request_id, life))


async def use_token(tx: HotTransaction, token_hash: bytes, *, purpose: str) -> dict[str, Any] | None:
    """Spend a secret, and with it every other one of the same account and purpose."""
    return await tx.row(_SPEND, {"token_hash": token_hash, "purpose": purpose})


async def live_token(tx: HotTransaction, token_hash: bytes, *, purpose: str) -> dict[str, Any] | None:
    """Whose secret it is, without spending it."""
    return await tx.row(_OWNER_OF, (token_hash, purpose))
