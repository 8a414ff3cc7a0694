"""What operators see and decide."""

from typing import Annotated, Literal

import structlog
from fastapi import APIRouter, Query

from chassis.db import Database
from identity.api.callers import Admin, Operator, SellerId
from identity.api.fields import Address, Cursor
from identity.api.me import roles_of
from identity.api.schemas import (
    AccountRecord,
    AccountRecords,
    OwnSellerAnswer,
    OwnSellerPage,
    RoleChange,
    Suspension,
    own_seller,
)
from identity.api.sellers import Limit
from identity.domain.credentials import address_key
from identity.domain.sellers import CLOSED, OPEN, SUSPENDED
from identity.repository import accounts, sellers
from identity.service.account import grant_roles
from identity.service.sellers import move_seller

log = structlog.get_logger()
Status = Literal["pending", "open", "suspended", "closed"]


def router(db: Database) -> APIRouter:
    router = APIRouter(prefix="/v1/operator", tags=["operator"])

    @router.get("/sellers")
    async def list_sellers(
        _: Operator, status: Status | None = None, cursor: Cursor | None = None, limit: Limit = 50
    ) -> OwnSellerPage:
        async with db.reading() as tx:
            rows = await sellers.page(tx, status=status, after=cursor or "", limit=limit + 1)
        following = rows[limit - 1]["seller_id"] if len(rows) > limit else None
        return OwnSellerPage(items=[own_seller(row) for row in rows[:limit]], next=following)

    @router.post("/sellers/{seller_id}/open")
    async def open_seller(seller_id: SellerId, principal: Admin) -> OwnSellerAnswer:
        async with db.hot_transaction() as tx:
            return own_seller(await move_seller(tx, principal, seller_id, status=OPEN))

    @router.post("/sellers/{seller_id}/suspend")
    async def suspend_seller(seller_id: SellerId, body: Suspension, principal: Admin) -> OwnSellerAnswer:
        """Nothing of a suspended shop is sold; its members see the reason."""
        async with db.hot_transaction() as tx:
            return own_seller(await move_seller(tx, principal, seller_id, status=SUSPENDED, reason=body.reason))

    @router.post("/sellers/{seller_id}/close")
    async def close_seller(seller_id: SellerId, body: Suspension, principal: Admin) -> OwnSellerAnswer:
        """For good."""
        async with db.hot_transaction() as tx:
            return own_seller(await move_seller(tx, principal, seller_id, status=CLOSED, reason=body.reason))

    @router.get("/accounts")
    async def find_accounts(principal: Operator, email: Annotated[Address, Query()]) -> AccountRecords:
        """Look somebody up by their exact address; who looked is logged."""
        async with db.reading() as tx:
            row = await accounts.profile_by_key(tx, address_key(email))
        log.info("account.looked_up", by=principal.subject, account_id=row and row["account_id"])
        if row is None:
            return AccountRecords(items=[])
        roles = roles_of(row)
        return AccountRecords(
            items=[AccountRecord(**{k: v for k, v in row.items() if k != "granted_roles"}, roles=roles)]
        )

    @router.put("/accounts/{account_id}/roles", status_code=204)
    async def set_roles(account_id: str, body: RoleChange, principal: Admin) -> None:
        """Set an account's operator roles; its sign-ins end."""
        async with db.hot_transaction() as tx:
            await grant_roles(tx, principal, account_id, roles=body.roles)

    return router
