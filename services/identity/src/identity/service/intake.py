"""What strangers ask for an address: to register it, to verify it, to reset its password.

Asking stores a row and nothing else, so the answer, its time and the work are the same for known and unknown addresses
(ASVS 6.3.8). A loop settles the rows and asks for the right mail.
"""

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

import structlog

from chassis import context, outbox
from chassis.db import Database, HotTransaction
from chassis.failures import DATABASE_AWAY
from contracts.identity import AccountRegistered
from contracts.ids import new_id
from identity.domain.credentials import address_key
from identity.domain.passwords import check_password
from identity.ports import PasswordHasher
from identity.repository import accounts, intake
from identity.repository.intake import AddressRequest
from identity.service.mail_requests import KNOWN, RESET, VERIFY, request_mail

log = structlog.get_logger()
_PAUSE = timedelta(minutes=1)
"""Before a request that failed is tried again."""


class Intake:
    """``added`` is called after each new request, to wake the loop that runs ``settle_next``."""

    def __init__(self, db: Database, hasher: PasswordHasher, blocked: Collection[str]) -> None:
        self._db = db
        self._hasher = hasher
        self._blocked = blocked
        self.added: Callable[[], None] = lambda: None

    async def register(
        self, *, email: str, password: str, display_name: str, locale: str, guest_id: str | None = None
    ) -> None:
        """Raise ``PasswordRefused`` for a weak password; anything else is accepted.

        ``guest_id``: the guest who asks. Registering the address of their orders makes the guest's account their own.
        """
        personal = (email.partition("@")[0], display_name)
        check_password(password, blocked=self._blocked, personal=personal, pointer="/password")
        hashed = await self._hasher.hash(password)
        await self._add(
            "register", email, display_name=display_name, locale=locale, password_hash=hashed, guest_id=guest_id
        )

    async def ask_for_verification(self, email: str) -> None:
        await self._add("verify", email)

    async def ask_for_reset(self, email: str) -> None:
        await self._add("reset", email)

    async def settle_next(self) -> bool:
        """Settle the oldest request; True when there was one. One that fails is kept and lets the others go first."""
        request = None
        try:
            async with self._db.hot_transaction() as tx:
                request = await intake.take(tx)
                if request is None:
                    return False
                with context.bound(context.Cause(request.correlation_id)):
                    await settle(tx, request)
        except DATABASE_AWAY:
            raise
        except Exception:
            if request is None:
                raise
            log.exception("address_request.failed", request_id=request.request_id, kind=request.kind)
            async with self._db.hot_transaction() as tx:
                await intake.put_off(tx, request.request_id, pause=_PAUSE)
        return True

    async def _add(
        self,
        kind: str,
        email: str,
        *,
        display_name: str | None = None,
        locale: str | None = None,
        password_hash: str | None = None,
        guest_id: str | None = None,
    ) -> None:
        row: dict[str, Any] = {
            "request_id": new_id("adr"),
            "kind": kind,
            "email": email,
            "email_key": address_key(email),
        }
        row |= {"correlation_id": context.current().correlation_id}
        row |= {"display_name": display_name, "locale": locale, "password_hash": password_hash, "guest_id": guest_id}
        async with self._db.hot_transaction() as tx:
            await intake.add(tx, row)
        self.added()


async def settle(tx: HotTransaction, request: AddressRequest) -> None:
    """Decide which mail an address gets, if any."""
    if request.guest_id is not None and await _claim(tx, request, request.guest_id):
        return
    if request.kind == "register":
        await _create(tx, request)
    account = await accounts.by_key_for_update(tx, request.email_key)
    if account is None:
        return
    account_id, verified = account["account_id"], account["verified"]
    match request.kind:
        case "register" if verified:
            await request_mail(tx, account_id, KNOWN)
        case "register":
            registration_id = await _add_registration(tx, account_id, request)
            await request_mail(tx, account_id, VERIFY, registration_id=registration_id)
        case "reset" if verified:
            await request_mail(tx, account_id, RESET)
        case "verify" | "reset" if not verified:
            registration = await accounts.newest_registration(tx, account_id)
            if registration is not None:
                await request_mail(tx, account_id, VERIFY, registration_id=registration)


async def _claim(tx: HotTransaction, request: AddressRequest, guest_id: str) -> bool:
    """A guest registers the address of their orders, which nobody else has: a mail asks whether it is theirs.

    The address becomes the account's key only when that mail is answered: until then others may register it too.
    """
    email = await accounts.guest_email_for_update(tx, guest_id)
    if email is None or address_key(email) != request.email_key:
        return False
    if await accounts.by_key_for_update(tx, request.email_key) is not None:
        return False
    await request_mail(tx, guest_id, VERIFY, registration_id=await _add_registration(tx, guest_id, request))
    return True


async def _create(tx: HotTransaction, request: AddressRequest) -> None:
    account_id = new_id("acc")
    row = {"account_id": account_id, "email": request.email, "email_key": request.email_key}
    created = await accounts.create(tx, {**row, "display_name": request.display_name, "locale": request.locale})
    if created:
        event = AccountRegistered(account_id=account_id, locale=str(request.locale))
        outbox.add(tx, event, subject=account_id, sequence=1)


async def _add_registration(tx: HotTransaction, account_id: str, request: AddressRequest) -> str:
    row = {"registration_id": new_id("reg"), "account_id": account_id, "password_hash": request.password_hash}
    await accounts.add_registration(tx, {**row, "display_name": request.display_name, "locale": request.locale})
    return row["registration_id"] or ""
