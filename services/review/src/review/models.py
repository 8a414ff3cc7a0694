"""Tables of review."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from chassis.db import new_metadata


class Row(SQLModel):
    metadata = new_metadata()


metadata = Row.metadata


class ReviewableLine(Row, table=True):
    """A delivered order line: the right to one review."""

    __tablename__ = "reviewable_lines"
    __table_args__ = (Index("reviewable_lines_buyer_id_idx", "buyer_id", "delivered_at"),)

    line_id: str = Field(primary_key=True)
    order_id: str
    buyer_id: str
    seller_id: str
    product_id: str
    delivered_at: datetime = Field(sa_type=DateTime(timezone=True))
    reviewed_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class Review(Row, table=True):
    """A published review. Free text lives here alone."""

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("line_id"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        Index("reviews_product_id_idx", "product_id", "published_at", "review_id"),
    )

    review_id: str = Field(primary_key=True)
    line_id: str
    product_id: str
    seller_id: str
    author_id: str
    rating: int
    title: str
    text: str
    locale: str
    published_at: datetime = Field(sa_type=DateTime(timezone=True))


class RatingRow(Row, table=True):
    """Sums per product and per seller; ``sequence`` counts the published states."""

    __tablename__ = "ratings"

    subject_id: str = Field(primary_key=True)
    kind: str
    points_1: int
    points_2: int
    points_3: int
    points_4: int
    points_5: int
    sequence: int
