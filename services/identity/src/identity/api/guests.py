"""Buying without a password."""

from fastapi import APIRouter

from chassis.db import Database
from identity.api.callers import Anyone, Device
from identity.api.schemas import NewGuest, OpenedSession
from identity.api.sign_in import session_answer
from identity.service.guests import open_guest_session


def router(db: Database) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["sign-in"])

    @router.post("/guests", status_code=201)
    async def open_session(body: NewGuest, principal: Anyone, device: Device) -> OpenedSession:
        """A new guest's account, opened by this browser's session only. A session that the browser had ends.

        Registering the same address from that session, and confirming the mail, makes it an account with a password.
        """
        opened = await open_guest_session(
            db,
            email=body.email,
            display_name=body.display_name,
            locale=body.locale,
            device=device,
            replaces=(principal.subject, principal.session) if principal.session else None,
        )
        return await session_answer(db, opened)

    return router
