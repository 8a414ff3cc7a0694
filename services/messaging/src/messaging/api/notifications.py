"""The notification list in the account."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from chassis.db import Database
from contracts.values import LocalText
from edge.auth import Principal, allow
from messaging.ports import Texts
from messaging.repository import notifications
from messaging.service.notices import notice_text

SignedIn = Annotated[Principal, allow("buyer")]
NotificationId = Annotated[str, Field(pattern=r"^ntf_[0-9a-f]{32}$")]
Limit = Annotated[int, Query(ge=1, le=100)]
_NEWEST = "ntf_g"
"""Sorts after every id."""
_MOST_UNREAD = 100


class Notification(BaseModel):
    notification_id: str
    kind: str
    text: LocalText
    link: str
    created_at: datetime
    read: bool


class Notifications(BaseModel):
    """``unread`` is counted up to 100; 100 means a hundred or more."""

    unread: int
    items: list[Notification]
    next: str | None


class ReadUpTo(BaseModel):
    model_config = ConfigDict(extra="forbid")

    up_to: NotificationId


def router(db: Database, *, texts: Callable[[str], Texts]) -> APIRouter:
    router = APIRouter(prefix="/v1/notifications", tags=["notifications"])

    @router.get("")
    async def list_notifications(
        principal: SignedIn, cursor: NotificationId | None = None, limit: Limit = 30
    ) -> Notifications:
        """Newest first: what concerns this account and the shops it works for."""
        who, audiences = principal.subject, [principal.subject, *principal.memberships]
        async with db.reading() as tx:
            rows = await notifications.page(tx, who, audiences, before=cursor or _NEWEST, limit=limit + 1)
            unread = await notifications.unread(tx, who, audiences, most=_MOST_UNREAD)
        items = [
            Notification(
                notification_id=row["notification_id"],
                kind=row["kind"],
                text=notice_text(row, texts),
                link=row["link"],
                created_at=row["created_at"],
                read=row["read"],
            )
            for row in rows[:limit]
        ]
        return Notifications(unread=unread, items=items, next=items[-1].notification_id if len(rows) > limit else None)

    @router.post("/read", status_code=204)
    async def mark_read(body: ReadUpTo, principal: SignedIn) -> None:
        """Everything up to this one is read."""
        async with db.hot_transaction() as tx:
            await notifications.mark_read(tx, principal.subject, body.up_to)

    return router
