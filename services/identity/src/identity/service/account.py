"""What somebody changes about their own account, and what operators grant."""

from collections.abc import Collection
from typing import Any

import structlog

from chassis.db import Database, HotTransaction
from edge.auth import Principal
from edge.errors import NotFound
from identity.domain.credentials import address_key
from identity.domain.errors import WrongCredentials
from identity.domain.passwords import check_password
from identity.domain.throttling import ACCOUNT
from identity.ports import PasswordHasher
from identity.repository import accounts, members, sessions, throttles
from identity.service.sign_in import throttle_key, too_many_attempts
from identity.service.verification import replace_password

log = structlog.get_logger()


async def profile_of(tx: HotTransaction, account_id: str) -> dict[str, Any]:
    """The person's own view; raises ``NotFound`` when the account is gone."""
    row = await accounts.profile(tx, account_id)
    if row is None:
        raise NotFound("There is no such account.")
    return row


class PasswordChange:
    def __init__(self, db: Database, hasher: PasswordHasher, blocked: Collection[str]) -> None:
        self._db = db
        self._hasher = hasher
        self._blocked = blocked

    async def change(self, account_id: str, *, current: str, new: str) -> None:
        """End all sign-ins, this one too. Raises ``WrongCredentials``, ``TooManyAttempts``, ``PasswordRefused``."""
        key = ""
        async with self._db.hot_transaction() as tx:
            person = await profile_of(tx, account_id)
            stored = await accounts.password_hash(tx, account_id)
            key = throttle_key(address_key(person["email"]))
            blocked = await throttles.blocked_for(tx, [key])
            if not blocked:
                await throttles.charge(tx, key, ACCOUNT)
        if blocked:
            raise too_many_attempts(blocked)
        if not await self._hasher.verify(stored, current):
            raise WrongCredentials("The current password is not right.")
        personal = (person["email"].partition("@")[0], person["display_name"])
        check_password(new, blocked=self._blocked, personal=personal, pointer="/new_password")
        hashed = await self._hasher.hash(new)
        async with self._db.hot_transaction() as tx:
            await throttles.forgive(tx, key)
            await replace_password(tx, account_id, hashed)


async def grant_roles(tx: HotTransaction, principal: Principal, account_id: str, *, roles: Collection[str]) -> None:
    """Set an operator's roles. Sign-ins end, because operators' sessions are shorter than people's."""
    if not await accounts.set_granted_roles(tx, account_id, sorted(roles)):
        raise NotFound("There is no such account.")
    await sessions.end_all(tx, account_id)
    log.info("roles.granted", account_id=account_id, roles=sorted(roles), by=principal.subject)


async def invite_staff(tx: HotTransaction, seller_id: str, *, email: str) -> None:
    """Make the owner of this address staff: now if there is a verified account, else once there is one."""
    key = address_key(email)
    await members.invite(tx, key, seller_id)
    person = await accounts.by_key_for_update(tx, key)
    if person and person["verified"]:
        await members.accept_invitations(tx, person["account_id"], key)
