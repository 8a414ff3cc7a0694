"""Sellers: their account at the provider and what they earn."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from chassis.db import Database, HotTransaction
from contracts.values import Money
from edge import cursor
from edge.auth import Principal, allow
from edge.errors import Forbidden, NotFound
from payment.api.schemas import Earnings, EarningsRow, PayoutAccountView, SettlementPage
from payment.api.views import settlement_view
from payment.repository import payout_accounts, settlements
from payment.repository.payout_accounts import SellerAccount
from payment.service.progress import Desk

Member = Annotated[Principal, allow("seller-owner", "seller-staff", "support", "admin")]
Limit = Annotated[int, Query(ge=1, le=100)]


def router(db: Database, desk: Desk) -> APIRouter:
    """Build the routes; a foreign shop does not exist for the caller."""
    routes = APIRouter(tags=["sellers"])

    @routes.get("/v1/sellers/{seller_id}/payout-account")
    async def read_payout_account(seller_id: str, principal: Member) -> PayoutAccountView:
        """Where the shop stands with the payment provider."""
        _require_owner(seller_id, principal)
        async with db.reading() as tx:
            account = await _account(tx, seller_id)
        return PayoutAccountView(seller_id=seller_id, status=account.status, onboarding_url=None)

    @routes.post("/v1/sellers/{seller_id}/payout-account")
    async def open_onboarding(seller_id: str, principal: Member) -> PayoutAccountView:
        """Mint a fresh address where the owner completes the account; null while the account is being made."""
        _require_owner(seller_id, principal)
        if principal.memberships.get(seller_id) != "owner":
            raise Forbidden("Only an owner of the shop may complete its payout account.")
        async with db.reading() as tx:
            account = await _account(tx, seller_id)
        url = None
        if account.account_id:
            back = f"{desk.site_url}/sell/{seller_id}/payouts"
            url = await desk.provider.onboarding_link(account.account_id, return_url=back)
        return PayoutAccountView(seller_id=seller_id, status=account.status, onboarding_url=url)

    @routes.get("/v1/sellers/{seller_id}/settlements")
    async def list_settlements(
        seller_id: str,
        principal: Member,
        limit: Limit = 20,
        cursor_: Annotated[str | None, Query(alias="cursor")] = None,
    ) -> SettlementPage:
        """The shop's earnings per order, newest first."""
        _require_owner(seller_id, principal)
        before = cursor.decode(cursor_, parts=1)
        async with db.reading() as tx:
            found = await settlements.settlements_of_seller(
                tx, seller_id, before=str(before[0]) if before else None, limit=limit + 1
            )
        items = [settlement_view(settlement) for settlement in found[:limit]]
        following = cursor.encode(items[-1].seller_order_id) if len(found) > limit else None
        return SettlementPage(items=items, next=following)

    @routes.get("/v1/sellers/{seller_id}/earnings")
    async def sum_earnings(seller_id: str, principal: Member) -> Earnings:
        """The shop's money by state: held, on its way, transferred."""
        _require_owner(seller_id, principal)
        async with db.reading() as tx:
            rows = await settlements.earnings_of_seller(tx, seller_id)
        return Earnings(items=[_earnings(row) for row in rows])

    return routes


def _earnings(row: dict[str, Any]) -> EarningsRow:
    money = {name: Money(amount=row[name], currency=row["currency"]) for name in ("gross", "commission", "net")}
    return EarningsRow(status=row["status"], orders=row["orders"], next_due_at=row["next_due_at"], **money)


def _require_owner(seller_id: str, principal: Principal) -> None:
    """Money is the owners' business: staff are refused, strangers find nothing; operators see every shop's."""
    if principal.roles & {"support", "admin"} or principal.memberships.get(seller_id) == "owner":
        return
    if principal.member_of(seller_id):
        raise Forbidden("Only an owner of the shop may see its money.")
    raise NotFound("There is no such shop.")


async def _account(tx: HotTransaction, seller_id: str) -> SellerAccount:
    account = await payout_accounts.read_account(tx, seller_id)
    if account is None:
        raise NotFound("There is no such shop.")
    return account
