"""Shops: made by verified people, opened and suspended by operators, told to everybody as state events."""

from typing import Any

import structlog

from chassis import outbox
from chassis.db import HotTransaction
from contracts.identity import SellerState
from contracts.ids import new_id
from contracts.values import LocalText
from edge.auth import Principal
from edge.errors import NotFound
from identity.domain.access import GUEST
from identity.domain.errors import GuestRefused, LastOwner, TooManySellers
from identity.domain.lifetimes import OPERATORS
from identity.domain.sellers import MOST_PER_ACCOUNT, OPEN, OWNER, check_transition
from identity.repository import members, sellers

log = structlog.get_logger()
_UNKNOWN = "There is no such shop."


async def create_seller(tx: HotTransaction, principal: Principal, values: dict[str, Any]) -> dict[str, Any]:
    """Make a pending shop with the caller as owner. Raises ``GuestRefused``, ``HandleTaken`` or ``TooManySellers``."""
    if GUEST in principal.roles:
        raise GuestRefused("A shop needs an account with a confirmed address.")
    if await members.count_of(tx, principal.subject) >= MOST_PER_ACCOUNT:
        raise TooManySellers(f"An account owns at most {MOST_PER_ACCOUNT} shops.")
    row = await sellers.add(tx, {**values, "seller_id": new_id("sel")})
    await members.add(tx, principal.subject, row["seller_id"], role=OWNER)
    return _told(tx, row)


async def change_seller(tx: HotTransaction, principal: Principal, values: dict[str, Any]) -> dict[str, Any]:
    """Change what the shop says about itself; its owners may."""
    require_owner(principal, values["seller_id"])
    row = await sellers.change(tx, values)
    if row is None:
        raise NotFound(_UNKNOWN)
    return _told(tx, row)


async def move_seller(
    tx: HotTransaction, principal: Principal, seller_id: str, *, status: str, reason: str | None = None
) -> dict[str, Any]:
    """Open, suspend or close a shop. Raises ``SellerTransitionRefused``."""
    current = await sellers.status_for_update(tx, seller_id)
    if current is None:
        raise NotFound(_UNKNOWN)
    check_transition(current, status)
    row = await sellers.move(tx, seller_id, status=status, reason=reason)
    log.info("seller.moved", seller_id=seller_id, status=status, by=principal.subject)
    return _told(tx, row or {})


async def seller_for(tx: HotTransaction, principal: Principal, id_or_handle: str) -> dict[str, Any]:
    """A shop as this caller may see it: open ones everybody, others their members and operators."""
    row = await sellers.find(tx, id_or_handle)
    if row is None:
        raise NotFound(_UNKNOWN)
    if row["status"] != OPEN and not principal.member_of(row["seller_id"]) and not principal.roles & OPERATORS:
        raise NotFound(_UNKNOWN)
    return row


async def remove_member(tx: HotTransaction, principal: Principal, seller_id: str, *, account_id: str) -> None:
    """Owners remove anybody, staff only themselves; the last owner stays. Raises ``LastOwner``."""
    if principal.subject != account_id or not principal.member_of(seller_id):
        require_owner(principal, seller_id)
    if await members.owners_for_update(tx, seller_id) == [account_id]:
        raise LastOwner("Name another owner first.")
    if not await members.remove(tx, account_id, seller_id):
        raise NotFound("This person does not work for the shop.")


async def republish_sellers(tx: HotTransaction, *, after: str, limit: int) -> str | None:
    """Tell the present state of some shops again, marked as a replay; the last id, None when there are no more."""
    rows = await sellers.page(tx, status=None, after=after, limit=limit)
    for row in rows:
        outbox.add(tx, _state(row), subject=row["seller_id"], sequence=row["sequence"], replay=True)
    return rows[-1]["seller_id"] if rows else None


def require_owner(principal: Principal, seller_id: str) -> None:
    """A shop that is not yours does not exist for you."""
    if principal.memberships.get(seller_id) != OWNER:
        raise NotFound(_UNKNOWN)


def _told(tx: HotTransaction, row: dict[str, Any]) -> dict[str, Any]:
    outbox.add(tx, _state(row), subject=row["seller_id"], sequence=row["sequence"])
    return row


def _state(row: dict[str, Any]) -> SellerState:
    return SellerState(
        seller_id=row["seller_id"],
        handle=row["handle"],
        name=row["name"],
        description=LocalText(fr=row["description_fr"], en=row["description_en"]),
        status=row["status"],
        town=row["town"],
        postal_code=row["postal_code"],
        country=row["country"].lower(),
        latitude=row["latitude"],
        longitude=row["longitude"],
        opened_at=row["opened_at"],
    )
