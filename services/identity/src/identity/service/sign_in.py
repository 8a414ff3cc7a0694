"""Passwords are checked here, slowly and never twice at once for free; a good one opens a session or a token family."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

import structlog

from chassis.db import Database, HotTransaction
from contracts.ids import new_id
from identity.domain.credentials import address_key, fingerprint, new_secret
from identity.domain.errors import AddressNotVerified, TooManyAttempts, WrongCredentials
from identity.domain.lifetimes import session_life
from identity.domain.throttling import ACCOUNT, NETWORK
from identity.ports import PasswordHasher
from identity.repository import accounts, sessions, throttles
from identity.repository.accounts import Provable

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """``network``: the client's address as the gateway saw it, empty when nobody said. ``device``: what it calls itself."""

    email: str
    password: str
    network: str
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    token: str
    expires_at: datetime
    account_id: str


class SignIn:
    """Checks passwords. The work is the same whether the account exists (ASVS 6.3.8)."""

    def __init__(self, db: Database, hasher: PasswordHasher) -> None:
        self._db = db
        self._hasher = hasher

    async def open_session(self, attempt: Attempt, *, replaces: tuple[str, str] | None) -> NewSession:
        """Start a browser's session; the one that it ``replaces`` (account and session id) ends, whosever it was
        (ASVS 7.2.4). Raises as ``prove``."""
        account, rehashed = await self.prove(attempt)
        token, life = new_secret(), session_life(account.granted_roles)
        row: dict[str, Any] = {"secret_hash": fingerprint(token), "session_id": new_id("ses"), "device": attempt.device}
        row |= {"account_id": account.account_id, "idle": life.idle, "absolute": life.absolute}
        async with self._db.hot_transaction() as tx:
            await self.proved(tx, attempt, account, rehashed)
            if replaces is not None:
                await sessions.end(tx, *replaces)
            expires_at = await sessions.add(tx, row)
        log.info("session.opened", account_id=account.account_id, session_id=row["session_id"])
        return NewSession(token=token, expires_at=expires_at, account_id=account.account_id)

    async def prove(self, attempt: Attempt) -> tuple[Provable, str | None]:
        """The account whose password this is, and a new hash if the stored one is outdated.

        Raises ``WrongCredentials``, ``AddressNotVerified`` or ``TooManyAttempts``.
        """
        key = address_key(attempt.email)
        async with self._db.hot_transaction() as tx:
            blocked = await self._charge(tx, key, attempt.network)
            account = await accounts.to_prove(tx, key)
        if blocked:
            raise too_many_attempts(blocked)
        stored = account.password_hash if account else None
        if not await self._hasher.verify(stored, attempt.password) or account is None:
            await self._failed(attempt)
            raise WrongCredentials("The address or the password is not right.")
        if not account.verified:
            raise AddressNotVerified("Open the link in the mail that we sent you, or ask for a new one.")
        outdated = stored is not None and self._hasher.needs_rehash(stored)
        return account, await self._hasher.hash(attempt.password) if outdated else None

    async def _charge(self, tx: HotTransaction, key: str, network: str) -> timedelta:
        """Count the attempt before it is known to fail; the time to wait when there were too many."""
        keys = [throttle_key(key), *([_network_key(network)] if network else [])]
        if blocked := await throttles.blocked_for(tx, keys):
            return blocked
        charged = await throttles.charge(tx, keys[0], ACCOUNT)
        return timedelta(0) if charged else timedelta(seconds=1)

    async def _failed(self, attempt: Attempt) -> None:
        if attempt.network:
            async with self._db.hot_transaction() as tx:
                await throttles.charge(tx, _network_key(attempt.network), NETWORK)
        log.info("sign_in.refused")

    async def proved(self, tx: HotTransaction, attempt: Attempt, account: Provable, rehashed: str | None) -> None:
        """Forget failed attempts and keep the new hash, in the transaction that opens the sign-in."""
        await throttles.forgive(tx, throttle_key(address_key(attempt.email)))
        if rehashed and account.password_hash:
            await accounts.replace_hash(tx, account.account_id, old=account.password_hash, new=rehashed)


def throttle_key(key: str) -> str:
    """Attempts are counted for unknown addresses too, without keeping them."""
    return "address:" + fingerprint(key).hex()


def too_many_attempts(left: timedelta) -> TooManyAttempts:
    seconds = max(1, ceil(left.total_seconds()))
    return TooManyAttempts(
        f"Too many attempts. Try again in {seconds} seconds.",
        headers={"Retry-After": str(seconds)},
        retry_after=seconds,
    )


def _network_key(network: str) -> str:
    return f"network:{network}"
