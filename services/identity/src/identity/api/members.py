"""Who works for a shop; its owners decide."""

from fastapi import APIRouter

from chassis.db import Database
from edge.errors import NotFound
from identity.api.callers import SellerId, SignedIn
from identity.api.schemas import Accepted, AddressOnly, Member, Members
from identity.repository import members
from identity.service.account import invite_staff
from identity.service.sellers import remove_member, require_owner


def router(db: Database) -> APIRouter:
    router = APIRouter(prefix="/v1/sellers/{seller_id}/members", tags=["sellers"])

    @router.get("")
    async def list_members(seller_id: SellerId, principal: SignedIn) -> Members:
        if not principal.member_of(seller_id):
            raise NotFound("There is no such shop.")
        async with db.reading() as tx:
            rows, invited = await members.of_seller(tx, seller_id), await members.invited(tx, seller_id)
        return Members(items=[Member(**row) for row in rows], invited=invited)

    @router.post("", status_code=202)
    async def invite(seller_id: SellerId, body: AddressOnly, principal: SignedIn) -> Accepted:
        """Make the owner of an address staff, now or once they register: the answer does not say which."""
        require_owner(principal, seller_id)
        async with db.hot_transaction() as tx:
            await invite_staff(tx, seller_id, email=body.email)
        return Accepted()

    @router.delete("/{account_id}", status_code=204)
    async def remove(seller_id: SellerId, account_id: str, principal: SignedIn) -> None:
        async with db.hot_transaction() as tx:
            await remove_member(tx, principal, seller_id, account_id=account_id)

    return router
