"""Tables of messaging; the migrations create them. No name, no address, no secret is stored."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, DateTime, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from chassis.db import new_metadata

metadata = new_metadata()


class Row(SQLModel):
    metadata = metadata


def _moment(*, nullable: bool = False) -> Column[datetime]:
    return Column(DateTime(timezone=True), nullable=nullable, server_default=None if nullable else text("now()"))


class MailRow(Row, table=True):
    """A mail from its event to its end. ``next_at`` of one being sent is when its process counts as lost."""

    __tablename__ = "mails"
    __table_args__ = (
        CheckConstraint("audience_kind IN ('request', 'account', 'seller', 'order')", name="audience_kind"),
        CheckConstraint("status IN ('due', 'sending', 'sent', 'failed', 'dropped', 'doubtful')", name="status"),
        Index("mails_next_at_idx", "next_at", postgresql_where=text("status IN ('due', 'sending')")),
        Index("mails_created_at_idx", "created_at"),
    )

    mail_id: str = Field(sa_type=Text, primary_key=True)
    dedup_key: str = Field(sa_type=Text, unique=True)
    kind: str = Field(sa_type=Text)
    audience_kind: str = Field(sa_type=Text)
    audience_id: str = Field(sa_type=Text)
    details: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    correlation_id: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text, sa_column_kwargs={"server_default": "due"})
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    doubts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    next_at: datetime | None = Field(default=None, sa_column=_moment())
    last_error: str | None = Field(default=None, sa_type=Text)
    created_at: datetime | None = Field(default=None, sa_column=_moment())
    finished_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))


class OrderRow(Row, table=True):
    """What mails and notices repeat of an order, from its events."""

    __tablename__ = "orders"
    __table_args__ = (Index("orders_created_at_idx", "created_at", postgresql_using="brin"),)

    order_id: str = Field(sa_type=Text, primary_key=True)
    number: str = Field(sa_type=Text)
    buyer_id: str = Field(sa_type=Text)
    total: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    seller_orders: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    created_at: datetime | None = Field(default=None, sa_column=_moment())


class NotificationRow(Row, table=True):
    """A line in the list of an account, or of everybody who works for a shop."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index("notifications_audience_id_notification_id_idx", "audience_id", "notification_id"),
        Index("notifications_created_at_idx", "created_at", postgresql_using="brin"),
    )

    notification_id: str = Field(sa_type=Text, primary_key=True)
    dedup_key: str = Field(sa_type=Text, unique=True)
    audience_id: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    order_id: str | None = Field(default=None, sa_type=Text)
    details: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    link: str = Field(sa_type=Text)
    created_at: datetime | None = Field(default=None, sa_column=_moment())


class ReadMark(Row, table=True):
    """Up to where an account has read its list."""

    __tablename__ = "read_marks"

    account_id: str = Field(sa_type=Text, primary_key=True)
    up_to: str = Field(sa_type=Text)
