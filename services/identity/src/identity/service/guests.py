"""Buying without a password: an account that only the browser's session opens, until its owner makes it theirs."""

from typing import Any

import structlog

from chassis import outbox
from chassis.db import Database
from contracts.identity import AccountRegistered
from contracts.ids import new_id
from identity.domain.credentials import fingerprint, new_secret
from identity.domain.lifetimes import PEOPLE
from identity.repository import accounts, sessions
from identity.service.sign_in import NewSession

log = structlog.get_logger()


async def open_guest_session(
    db: Database, *, email: str, display_name: str, locale: str, device: str, replaces: tuple[str, str] | None
) -> NewSession:
    """A new account without password or claim on the address, and its only session; the one that it ``replaces`` ends.

    The address may be anybody's, also that of a known account: nothing of that account is shown or changed.
    """
    account_id, token = new_id("acc"), new_secret()
    row: dict[str, Any] = {"secret_hash": fingerprint(token), "session_id": new_id("ses"), "device": device}
    row |= {"account_id": account_id, "idle": PEOPLE.idle, "absolute": PEOPLE.absolute}
    async with db.hot_transaction() as tx:
        guest = {"account_id": account_id, "email": email, "display_name": display_name, "locale": locale}
        await accounts.create_guest(tx, guest)
        outbox.add(tx, AccountRegistered(account_id=account_id, locale=locale), subject=account_id, sequence=1)
        if replaces is not None:
            await sessions.end(tx, *replaces)
        expires_at = await sessions.add(tx, row)
    log.info("guest.opened", account_id=account_id, session_id=row["session_id"])
    return NewSession(token=token, expires_at=expires_at, account_id=account_id)
