"""Tables of analytics. All but the event log are projections: ``python -m analytics rebuild`` makes them anew from Kafka."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Column, DateTime, Index
from sqlmodel import Field, SQLModel

from chassis.db import new_metadata


class Row(SQLModel):
    metadata = new_metadata()


metadata = Row.metadata


class LoggedEvent(Row, table=True):
    """Envelope of every event of the platform, to follow what a request caused."""

    __tablename__ = "event_log"
    __table_args__ = (
        Index("event_log_correlation_id_idx", "correlation_id"),
        Index("event_log_subject_idx", "subject"),
    )

    event_id: str = Field(primary_key=True)
    topic: str
    type: str
    source: str
    subject: str
    sequence: int = Field(sa_type=BigInteger)
    correlation_id: str
    causation_id: str | None = None
    time: datetime = Field(sa_type=DateTime(timezone=True))


class SaleLine(Row, table=True):
    """One line of a confirmed order. ``amount`` in minor units of ``currency``; ``day`` in the market's time zone."""

    __tablename__ = "sale_lines"
    __table_args__ = (Index("sale_lines_day_idx", "day"), Index("sale_lines_seller_id_idx", "seller_id", "day"))

    line_id: str = Field(primary_key=True)
    order_id: str
    seller_order_id: str
    seller_id: str
    category_id: str
    product_id: str
    quantity: int
    amount: int = Field(sa_column=Column(BigInteger, nullable=False))
    currency: str
    day: date


class Settlement(Row, table=True):
    """What a seller order earned, as payment booked it. ``status``: accrued | released | transferred | cancelled."""

    __tablename__ = "settlements"
    __table_args__ = (Index("settlements_day_idx", "day"),)

    seller_order_id: str = Field(primary_key=True)
    order_id: str
    seller_id: str
    gross: int = Field(sa_column=Column(BigInteger, nullable=False))
    commission: int = Field(sa_column=Column(BigInteger, nullable=False))
    net: int = Field(sa_column=Column(BigInteger, nullable=False))
    currency: str
    status: str
    sequence: int = Field(sa_type=BigInteger)
    day: date


class SellerName(Row, table=True):
    __tablename__ = "seller_names"

    seller_id: str = Field(primary_key=True)
    name: str
    handle: str
    sequence: int = Field(sa_type=BigInteger)


class PageView(Row, table=True):
    """Consented views per day and page."""

    __tablename__ = "page_views"

    day: date = Field(primary_key=True)
    page: str = Field(primary_key=True)
    views: int = Field(sa_type=BigInteger)


class SearchCount(Row, table=True):
    """Consented searches per day, query and language; ``without_hits`` tells what the market lacks."""

    __tablename__ = "searches"

    day: date = Field(primary_key=True)
    query: str = Field(primary_key=True)
    locale: str = Field(primary_key=True)
    searches: int = Field(sa_type=BigInteger)
    without_hits: int = Field(sa_type=BigInteger)


class Visit(Row, table=True):
    """A consented visit that saw a page on a day. The id is random per visit and tied to no account; kept for 90 days."""

    __tablename__ = "visits"

    day: date = Field(primary_key=True)
    page: str = Field(primary_key=True)
    visit_id: str = Field(primary_key=True)


class BuyerOrder(Row, table=True):
    """Who confirmed an order when: tells buyers from new buyers."""

    __tablename__ = "buyer_orders"
    __table_args__ = (Index("buyer_orders_day_idx", "day"), Index("buyer_orders_buyer_id_idx", "buyer_id", "day"))

    order_id: str = Field(primary_key=True)
    buyer_id: str
    day: date
