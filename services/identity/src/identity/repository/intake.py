"""Requests for an address, waiting to be settled."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chassis.db import HotTransaction

_ADD = """
INSERT INTO address_requests (request_id, kind, email, email_key, display_name, locale, password_hash,
                              guest_id, correlation_id)
VALUES (%(request_id)s, %(kind)s, %(email)s, %(email_key)s, %(display_name)s, %(locale)s, %(password_hash)s,
        %(guest_id)s, %(correlation_id)s)
"""
_TAKE = """
DELETE FROM address_requests WHERE request_id = (
    SELECT request_id FROM address_requests WHERE not_before <= now()
    ORDER BY request_id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING request_id, kind, email, email_key, display_name, locale, password_hash, guest_id, correlation_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRequest:
    """``kind``: register | verify | reset. Name, locale and hash belong to ``register``, ``guest_id`` to a guest's."""

    request_id: str
    kind: str
    email: str
    email_key: str
    correlation_id: str
    display_name: str | None = None
    locale: str | None = None
    password_hash: str | None = None
    guest_id: str | None = None


async def add(tx: HotTransaction, values: dict[str, Any]) -> None:
    await tx.execute(_ADD, values)


async def take(tx: HotTransaction) -> AddressRequest | None:
    """The oldest that nobody else settles; it is gone when this transaction commits."""
    row = await tx.row(_TAKE)
    return AddressRequest(**row) if row else None


async def put_off(tx: HotTransaction, request_id: str, *, pause: timedelta) -> None:
    """Let others go first."""
    await tx.execute("UPDATE address_requests SET not_before = now() + %s WHERE request_id = %s", (pause, request_id))
