"""Secrets from mails come back: an address is confirmed, a forgotten password replaced."""

from collections.abc import Collection

from chassis import outbox
from chassis.db import Database, HotTransaction
from contracts.identity import AccountVerified
from identity.domain.credentials import address_key, fingerprint
from identity.domain.errors import LinkExpired
from identity.domain.passwords import check_password
from identity.ports import PasswordHasher
from identity.repository import accounts, mails, members, sessions, throttles
from identity.service.mail_requests import CHANGED, RESET, VERIFY, request_mail
from identity.service.sign_in import throttle_key

_EXPIRED = "The link is too old or was used before. Ask for a new one."


async def verify_address(tx: HotTransaction, token: str, *, bootstrap_admin: str | None) -> None:
    """Confirm the registration that the link belongs to: its password becomes valid, and a guest's session ends.

    Raises ``LinkExpired``, also when somebody else has confirmed the address since.
    """
    used = await mails.use_token(tx, fingerprint(token), purpose=VERIFY)
    if used is None or used["registration_id"] is None:
        raise LinkExpired(_EXPIRED)
    account_id = used["account_id"]
    key = address_key(used["email"])
    confirmed = await accounts.confirm(tx, account_id, used["registration_id"], email_key=key)
    if confirmed is None:
        raise LinkExpired(_EXPIRED)
    await accounts.set_password(tx, account_id, confirmed["password_hash"])
    await sessions.end_all(tx, account_id)
    await members.accept_invitations(tx, account_id, confirmed["email_key"])
    if bootstrap_admin and confirmed["email_key"] == address_key(bootstrap_admin):
        await accounts.set_granted_roles(tx, account_id, ["admin"])
    outbox.add(tx, AccountVerified(account_id=account_id), subject=account_id, sequence=confirmed["sequence"])


class PasswordReset:
    """Replaces a forgotten password and ends every sign-in of the account."""

    def __init__(self, db: Database, hasher: PasswordHasher, blocked: Collection[str]) -> None:
        self._db = db
        self._hasher = hasher
        self._blocked = blocked

    async def confirm(self, *, token: str, password: str) -> None:
        """Raise ``LinkExpired`` or ``PasswordRefused``; a refused password leaves the link usable."""
        async with self._db.reading() as tx:
            owner = await mails.live_token(tx, fingerprint(token), purpose=RESET)
        if owner is None:
            raise LinkExpired(_EXPIRED)
        personal = (owner["email"].partition("@")[0], owner["display_name"])
        check_password(password, blocked=self._blocked, personal=personal, pointer="/password")
        hashed = await self._hasher.hash(password)
        async with self._db.hot_transaction() as tx:
            if await mails.use_token(tx, fingerprint(token), purpose=RESET) is None:
                raise LinkExpired(_EXPIRED)
            await throttles.forgive(tx, throttle_key(address_key(owner["email"])))
            await replace_password(tx, owner["account_id"], hashed)


async def replace_password(tx: HotTransaction, account_id: str, hashed: str) -> None:
    """Store a new password, end all sign-ins and tell the person (ASVS 6.3.7, 7.4.3)."""
    await accounts.set_password(tx, account_id, hashed)
    await sessions.end_all(tx, account_id)
    await request_mail(tx, account_id, CHANGED)
