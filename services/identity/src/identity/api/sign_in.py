"""Signing in and out: sessions for browsers, tokens for apps."""

from fastapi import APIRouter

from chassis.db import Database
from edge.errors import NotFound
from identity.api.callers import Anyone, Device, Network, SignedIn
from identity.api.me import me_answer
from identity.api.schemas import (
    Credentials,
    Grant,
    OpenedSession,
    PasswordGrant,
    Revocation,
    SignInRecord,
    SignIns,
    TokenPair,
)
from identity.repository import sessions
from identity.service.account import profile_of
from identity.service.app_tokens import AppSignIn
from identity.service.sign_in import Attempt, NewSession, SignIn


def router(db: Database, *, sign_in: SignIn, apps: AppSignIn) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["sign-in"])

    @router.post("/sessions", status_code=201)
    async def open_session(body: Credentials, principal: Anyone, network: Network, device: Device) -> OpenedSession:
        """Sign a browser in. A session that the browser had ends."""
        attempt = Attempt(email=body.email, password=body.password, network=network, device=device)
        replaced = (principal.subject, principal.session) if principal.session else None
        return await session_answer(db, await sign_in.open_session(attempt, replaces=replaced))

    @router.get("/sessions")
    async def list_sign_ins(principal: SignedIn) -> SignIns:
        """Where this account is signed in, newest first."""
        async with db.reading() as tx:
            rows = await sessions.of_account(tx, principal.subject)
        current = principal.session
        return SignIns(items=[SignInRecord(**row, current=row["session_id"] == current) for row in rows])

    @router.delete("/sessions", status_code=204)
    async def end_others(principal: SignedIn) -> None:
        """Sign out everywhere else."""
        async with db.hot_transaction() as tx:
            await sessions.end_all(tx, principal.subject, but=principal.session or "")

    @router.delete("/sessions/{session_id}", status_code=204)
    async def end_session(session_id: str, principal: SignedIn) -> None:
        """Sign out here (`current`) or at another place of the list."""
        chosen = principal.session or "" if session_id == "current" else session_id
        async with db.hot_transaction() as tx:
            if not await sessions.end(tx, principal.subject, chosen):
                raise NotFound("There is no such sign-in.")

    @router.post("/tokens")
    async def issue_tokens(body: Grant, _: Anyone, network: Network, device: Device) -> TokenPair:
        """Tokens for an app, by password or by refresh token. Each refresh token works once."""
        if isinstance(body, PasswordGrant):
            attempt = Attempt(email=body.email, password=body.password, network=network, device=device)
            tokens = await apps.with_password(attempt)
        else:
            tokens = await apps.with_refresh_token(body.refresh_token)
        return TokenPair.model_validate(tokens)

    @router.post("/tokens/revocation", status_code=204)
    async def revoke_tokens(body: Revocation, _: Anyone) -> None:
        """Sign an app out."""
        await apps.revoke(body.refresh_token)

    return router


async def session_answer(db: Database, opened: NewSession) -> OpenedSession:
    """A new session with whose it is."""
    async with db.reading() as tx:
        account = await profile_of(tx, opened.account_id)
    return OpenedSession(session_token=opened.token, expires_at=opened.expires_at, account=me_answer(account))
