"""One's own account."""

from typing import Any

from fastapi import APIRouter

from chassis.db import Database
from identity.api.callers import SignedIn
from identity.api.schemas import Me, MeChange, Membership, PasswordChangeRequest
from identity.domain.access import GUEST, MEMBER_ROLES
from identity.repository import accounts
from identity.service.account import PasswordChange, profile_of


def router(db: Database, *, passwords: PasswordChange) -> APIRouter:
    router = APIRouter(prefix="/v1/me", tags=["me"])

    @router.get("")
    async def read_me(principal: SignedIn) -> Me:
        async with db.reading() as tx:
            return me_answer(await profile_of(tx, principal.subject))

    @router.patch("")
    async def change_me(body: MeChange, principal: SignedIn) -> Me:
        async with db.hot_transaction() as tx:
            await accounts.update_profile(tx, principal.subject, display_name=body.display_name, locale=body.locale)
            return me_answer(await profile_of(tx, principal.subject))

    @router.post("/password", status_code=204)
    async def change_password(body: PasswordChangeRequest, principal: SignedIn) -> None:
        """Change the password; every sign-in ends, this one too."""
        await passwords.change(principal.subject, current=body.current_password, new=body.new_password)

    return router


def me_answer(row: dict[str, Any]) -> Me:
    """A profile row as its owner sees it; without a confirmed address only guests are let in."""
    fields = ("account_id", "email", "display_name", "locale", "verified")
    sellers = [Membership(**seller) for seller in row["sellers"]]
    roles = roles_of(row) if row["verified"] else ["buyer", GUEST]
    return Me(**{name: row[name] for name in fields}, roles=roles, sellers=sellers)


def roles_of(row: dict[str, Any]) -> list[str]:
    """Roles as tokens carry them."""
    shops = {MEMBER_ROLES[seller["role"]] for seller in row["sellers"]}
    return sorted({*(["buyer"] if row["verified"] else []), *shops, *row["granted_roles"]})
