"""Mails with a secret: asked for by an event, their secret made when messaging is about to send."""

from datetime import timedelta
from typing import Any

from chassis import outbox
from chassis.db import HotTransaction
from contracts.identity import AccountMailRequested
from contracts.ids import new_id
from identity.domain.credentials import fingerprint, new_secret
from identity.domain.errors import LinkExpired
from identity.domain.lifetimes import MAIL_REQUEST, RESET_LINK, VERIFY_LINK
from identity.domain.throttling import MAILS_A_DAY, MAILS_APART
from identity.repository import accounts, mails

VERIFY, KNOWN, RESET, CHANGED = "verify-email", "already-registered", "reset-password", "password-changed"
_LINK_LIVES: dict[str, timedelta] = {VERIFY: VERIFY_LINK, RESET: RESET_LINK}


async def request_mail(
    tx: HotTransaction, account_id: str, purpose: str, *, registration_id: str | None = None
) -> None:
    """Ask messaging for a mail, unless this account got enough of them lately. The account's row must be locked."""
    if await mails.is_too_many(tx, account_id, purpose, apart=MAILS_APART, a_day=MAILS_A_DAY):
        return
    request_id = new_id("mlr")
    row = {"request_id": request_id, "account_id": account_id, "purpose": purpose, "registration_id": registration_id}
    await mails.add(tx, row)
    event = AccountMailRequested(account_id=account_id, request_id=request_id, purpose=purpose)
    outbox.add(tx, event, subject=account_id, sequence=await accounts.next_sequence(tx, account_id))


async def open_request(tx: HotTransaction, request_id: str) -> dict[str, Any]:
    """Whom to write to, with a fresh secret when the mail needs a link; raises ``LinkExpired`` when it came too late."""
    row = await mails.for_sending(tx, request_id, life=MAIL_REQUEST)
    if row is None:
        raise LinkExpired("This mail is not needed any more.")
    token = None
    if life := _LINK_LIVES.get(row["purpose"]):
        token = new_secret()
        await mails.add_token(tx, fingerprint(token), request_id, life=life)
    return {**row, "token": token}
