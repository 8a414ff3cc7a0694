"""Credentials in, internal tokens out: one indexed read, then a signature per audience. Runs for every request."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from chassis.clock import Clock
from chassis.db import Database
from edge.errors import Forbidden
from identity.domain import access
from identity.domain.access import Access
from identity.domain.credentials import fingerprint
from identity.domain.errors import SessionExpired
from identity.domain.lifetimes import INTERNAL_TOKEN, session_life
from identity.ports import TokenSigner
from identity.repository import sessions

_FRONT = "gateway"
"""The only service that may speak for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanged:
    """``tokens`` by audience; ``expires_at`` in unix seconds."""

    tokens: dict[str, str]
    expires_at: int
    access: Access


class TokenExchange:
    """``audiences``: every service that a token can be made for."""

    def __init__(self, db: Database, *, signer: TokenSigner, audiences: Collection[str], clock: Clock) -> None:
        self._db = db
        self._signer = signer
        self._audiences = audiences
        self._clock = clock

    async def exchange(self, caller: str, *, audience: Collection[str], kind: str, value: str) -> Exchanged:
        """Raise ``SessionExpired`` for a dead credential, ``Forbidden`` for what the calling service may not do."""
        if unknown := set(audience) - set(self._audiences):
            raise Forbidden(f"There is no service {sorted(unknown)[0]!r}.")
        if kind != "service" and caller != _FRONT:
            raise Forbidden("Only the gateway speaks for people.")
        who = await self._access(caller, kind, value)
        now = int(self._clock().timestamp())
        tokens = {name: self._signer.internal(who, name, now=now) for name in audience}
        return Exchanged(tokens=tokens, expires_at=now + int(INTERNAL_TOKEN.total_seconds()), access=who)

    async def _access(self, caller: str, kind: str, value: str) -> Access:
        match kind:
            case "session":
                return await self._of_session(value)
            case "access":
                return await self._of_family(value)
            case "anonymous":
                return access.of_nobody()
            case _:
                return access.of_service(caller)

    async def _of_session(self, value: str) -> Access:
        async with self._db.reading() as tx:
            row = await sessions.live(tx, fingerprint(value))
        if row is None:
            raise SessionExpired("The session has ended. Sign in again.")
        life = session_life(row["granted_roles"])
        if row["idle_left"] < life.idle - life.touch:
            async with self._db.hot_transaction() as tx:
                await sessions.touch(tx, row["session_id"], idle=life.idle)
        return _access_of(row, row["session_id"])

    async def _of_family(self, value: str) -> Access:
        claims = self._signer.read_external(value)
        if claims is None:
            raise SessionExpired("The access token is not valid any more. Refresh it.")
        account_id, family_id = claims
        async with self._db.reading() as tx:
            row = await sessions.live_family(tx, family_id, account_id)
        if row is None:
            raise SessionExpired("This sign-in has ended. Sign in again.")
        return _access_of(row, family_id)


def _access_of(row: dict[str, Any], session: str) -> Access:
    return access.of_account(
        row["account_id"],
        granted=row["granted_roles"],
        sellers=row["sellers"],
        is_guest=row["is_guest"],
        session=session,
        auth_time=int(row["created_at"].timestamp()),
    )
