"""Sign-in of apps: a short access token and a refresh token that changes with each use.

A refresh token that is used again after its grace means that two parties hold it: the whole family ends (RFC 9700, 4.14.2).
"""

from dataclasses import dataclass

import structlog
from prometheus_client import Counter

from chassis.clock import Clock
from chassis.db import Database, HotTransaction
from contracts.ids import new_id
from identity.domain.credentials import fingerprint, new_secret
from identity.domain.errors import RefreshRefused
from identity.domain.lifetimes import ACCESS_TOKEN, REFRESH_FAMILY, REFRESH_GRACE
from identity.ports import TokenSigner
from identity.repository import refresh
from identity.service.sign_in import Attempt, SignIn

log = structlog.get_logger()
REUSED = Counter("halles_identity_refresh_reused_total", "Refresh tokens that two parties held; their family was ended")
_REFUSED = "The refresh token is not valid any more."


@dataclass(frozen=True, slots=True, kw_only=True)
class AppTokens:
    """``expires_in``: seconds that the access token lives."""

    access_token: str
    refresh_token: str
    expires_in: int


class AppSignIn:
    def __init__(self, db: Database, *, sign_in: SignIn, signer: TokenSigner, clock: Clock) -> None:
        self._db = db
        self._sign_in = sign_in
        self._signer = signer
        self._clock = clock

    async def with_password(self, attempt: Attempt) -> AppTokens:
        """Start a family. Raises as ``SignIn.prove``."""
        account, rehashed = await self._sign_in.prove(attempt)
        family = {"family_id": new_id("fam"), "account_id": account.account_id}
        async with self._db.hot_transaction() as tx:
            await self._sign_in.proved(tx, attempt, account, rehashed)
            await refresh.add_family(tx, {**family, "device": attempt.device, "life": REFRESH_FAMILY})
            token = await _issue(tx, family["family_id"])
        return self._tokens(account.account_id, family["family_id"], token)

    async def with_refresh_token(self, presented: str) -> AppTokens:
        """Exchange a refresh token for its successor. Raises ``RefreshRefused``; a reused one ends its family."""
        async with self._db.hot_transaction() as tx:
            found = await refresh.find_for_update(tx, fingerprint(presented), grace=REFRESH_GRACE)
            if found and not found["reused"]:
                await refresh.spend(tx, fingerprint(presented))
                token = await _issue(tx, found["family_id"])
                return self._tokens(found["account_id"], found["family_id"], token)
            if found:
                await refresh.end_family(tx, found["family_id"])
        if found:
            REUSED.inc()
            log.warning("refresh_token.reused", account_id=found["account_id"], family_id=found["family_id"])
        raise RefreshRefused(_REFUSED)

    async def revoke(self, presented: str) -> None:
        """End the family of a refresh token; an unknown token is fine (RFC 7009)."""
        async with self._db.hot_transaction() as tx:
            if found := await refresh.find_for_update(tx, fingerprint(presented), grace=REFRESH_GRACE):
                await refresh.end_family(tx, found["family_id"])

    def _tokens(self, account_id: str, family_id: str, refresh_token: str) -> AppTokens:
        access = self._signer.external(account_id, family_id=family_id, now=int(self._clock().timestamp()))
        lasts = int(ACCESS_TOKEN.total_seconds())
        return AppTokens(access_token=access, refresh_token=refresh_token, expires_in=lasts)


async def _issue(tx: HotTransaction, family_id: str) -> str:
    token = new_secret()
    await refresh.add_token(tx, fingerprint(token), family_id)
    return token
