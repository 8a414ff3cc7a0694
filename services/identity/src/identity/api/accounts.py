"""Registering, confirming an address, replacing a forgotten password."""

from fastapi import APIRouter

from chassis.db import Database
from identity.api.callers import Anyone
from identity.api.schemas import Accepted, AddressOnly, MailToken, NewAccount, NewPassword
from identity.domain.access import GUEST
from identity.service.intake import Intake
from identity.service.verification import PasswordReset, verify_address


def router(db: Database, *, intake: Intake, reset: PasswordReset, bootstrap_admin: str | None) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["accounts"])

    @router.post("/accounts", status_code=202)
    async def register(body: NewAccount, principal: Anyone) -> Accepted:
        """Register. The answer is the same for a known address; a mail says what comes next.

        A guest who registers the address of their orders keeps them: the guest's account becomes their own.
        """
        guest_id = principal.subject if GUEST in principal.roles else None
        await intake.register(
            email=body.email,
            password=body.password,
            display_name=body.display_name,
            locale=body.locale,
            guest_id=guest_id,
        )
        return Accepted()

    @router.post("/accounts/verification", status_code=204)
    async def verify(body: MailToken, _: Anyone) -> None:
        """Confirm the address with the secret from the mail."""
        async with db.hot_transaction() as tx:
            await verify_address(tx, body.token, bootstrap_admin=bootstrap_admin)

    @router.post("/accounts/verification-requests", status_code=202)
    async def request_verification(body: AddressOnly, _: Anyone) -> Accepted:
        """Send the confirmation mail again; one per half minute."""
        await intake.ask_for_verification(body.email)
        return Accepted()

    @router.post("/password-resets", status_code=202)
    async def request_reset(body: AddressOnly, _: Anyone) -> Accepted:
        """Ask for a link that sets a new password. The answer is the same for an unknown address."""
        await intake.ask_for_reset(body.email)
        return Accepted()

    @router.post("/password-resets/confirmation", status_code=204)
    async def confirm_reset(body: NewPassword, _: Anyone) -> None:
        """Set a new password with the secret from the mail; every sign-in of the account ends."""
        await reset.confirm(token=body.token, password=body.password)

    return router
