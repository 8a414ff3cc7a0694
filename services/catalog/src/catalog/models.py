"""Tables of catalog, mirrored by the migrations. Statements on them live in ``repository``."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from chassis.db import new_metadata

metadata = new_metadata()


class Row(SQLModel):
    """Base of this service's tables."""

    metadata = metadata


def _moment(**options: Any) -> Any:
    """A point in time that the database sets."""
    return Field(
        sa_column=Column(DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp(), **options)
    )


class Category(Row, table=True):
    """``path`` goes from the root to the category itself."""

    __tablename__ = "categories"
    category_id: str = Field(primary_key=True, sa_type=Text)
    parent_id: str | None = Field(foreign_key="categories.category_id", index=True, sa_type=Text)
    path: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    slug: str = Field(unique=True, sa_type=Text)
    name_fr: str = Field(sa_type=Text)
    name_en: str = Field(sa_type=Text)
    position: int


class Seller(Row, table=True):
    """What identity says about shops; ``sequence`` gates older events."""

    __tablename__ = "sellers"
    seller_id: str = Field(primary_key=True, sa_type=Text)
    handle: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)
    sequence: int = Field(sa_type=BigInteger)


class Product(Row, table=True):
    """Shared by all sellers who offer it; ``seller_id`` is who described it. ``image_url`` may be empty.

    ``images`` and ``attributes`` are kept as they are shown.
    """

    __tablename__ = "products"
    product_id: str = Field(primary_key=True, sa_type=Text)
    seller_id: str = Field(foreign_key="sellers.seller_id", sa_type=Text)
    category_id: str = Field(foreign_key="categories.category_id", index=True, sa_type=Text)
    title_fr: str = Field(sa_type=Text)
    title_en: str = Field(sa_type=Text)
    description_fr: str = Field(sa_type=Text)
    description_en: str = Field(sa_type=Text)
    image_url: str = Field(sa_type=Text)
    images: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False, server_default="[]"))
    attributes: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False, server_default="[]"))
    created_at: datetime = _moment()


class Media(Row, table=True):
    """An upload whose renditions are in the store, under its ``digest``. The same upload of a shop is one row."""

    __tablename__ = "media"
    __table_args__ = (UniqueConstraint("seller_id", "digest"),)
    media_id: str = Field(primary_key=True, sa_type=Text)
    seller_id: str = Field(foreign_key="sellers.seller_id", sa_type=Text)
    digest: str = Field(sa_type=Text)
    width: int
    height: int
    widths: list[int] = Field(sa_column=Column(ARRAY(Integer), nullable=False))
    uploaded_at: datetime = _moment()


class ShopPicturesRow(Row, table=True):
    """A shop's logo and banner as they are shown; ``sequence`` numbers its events."""

    __tablename__ = "shop_pictures"
    seller_id: str = Field(primary_key=True, foreign_key="sellers.seller_id", sa_type=Text)
    logo: dict[str, Any] | None = Field(sa_column=Column(JSONB(none_as_null=True)))
    banner: dict[str, Any] | None = Field(sa_column=Column(JSONB(none_as_null=True)))
    sequence: int = Field(sa_column=Column(BigInteger, nullable=False, server_default="1"))


class Shelf(Row, table=True):
    """A product in a list: ``shelf_id`` is ``all``, a category of its path, or a seller who offers it."""

    __tablename__ = "shelves"
    shelf_id: str = Field(primary_key=True, sa_type=Text)
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), primary_key=True))
    product_id: str = Field(primary_key=True, foreign_key="products.product_id", index=True, sa_type=Text)


class Variant(Row, table=True):
    __tablename__ = "variants"
    __table_args__ = (UniqueConstraint("product_id", "sku"),)
    variant_id: str = Field(primary_key=True, sa_type=Text)
    product_id: str = Field(foreign_key="products.product_id", sa_type=Text)
    position: int = Field(sa_type=SmallInteger)
    sku: str = Field(sa_type=Text)
    label_fr: str = Field(sa_type=Text)
    label_en: str = Field(sa_type=Text)


class Offer(Row, table=True):
    """A seller's price and units of a variant. ``status`` is the seller's wish; a shop that is not open overrides it."""

    __tablename__ = "offers"
    __table_args__ = (
        CheckConstraint("reserved <= on_hand", name="reserved_on_hand"),
        Index(
            "offers_seller_variant_condition_key",
            "seller_id",
            "variant_id",
            "condition",
            unique=True,
            postgresql_where=text("status <> 'closed'"),
        ),
        Index("offers_seller_id_idx", "seller_id", "listed_at", "offer_id"),
    )
    offer_id: str = Field(primary_key=True, sa_type=Text)
    product_id: str = Field(foreign_key="products.product_id", index=True, sa_type=Text)
    variant_id: str = Field(foreign_key="variants.variant_id", index=True, sa_type=Text)
    seller_id: str = Field(foreign_key="sellers.seller_id", sa_type=Text)
    condition: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)
    price_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=Text)
    handling_days: int = Field(sa_type=SmallInteger)
    on_hand: int = Field(sa_type=BigInteger)
    reserved: int = Field(sa_column=Column(BigInteger, nullable=False, server_default="0"))
    sequence: int = Field(sa_column=Column(BigInteger, nullable=False, server_default="1"))
    listed_at: datetime = _moment()


class StockMovement(Row, table=True):
    """Journal of ``on_hand``: its sum per offer is the figure on the offer (I2)."""

    __tablename__ = "stock_movements"
    movement_id: int = Field(sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    offer_id: str = Field(foreign_key="offers.offer_id", index=True, sa_type=Text)
    kind: str = Field(sa_type=Text)
    quantity: int = Field(sa_type=BigInteger)
    order_id: str | None = Field(sa_type=Text)
    moved_at: datetime = _moment()


class Reservation(Row, table=True):
    """What an order holds; ``sequence`` numbers the answers on ``catalog.stock.v1``."""

    __tablename__ = "reservations"
    __table_args__ = (Index("reservations_expires_at_idx", "expires_at", postgresql_where=text("status = 'open'")),)
    order_id: str = Field(primary_key=True, sa_type=Text)
    status: str = Field(sa_type=Text)
    sequence: int = Field(sa_column=Column(BigInteger, nullable=False, server_default="0"))
    expires_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    shortages: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False, server_default="[]"))
    created_at: datetime = _moment()


class ReservationLine(Row, table=True):
    __tablename__ = "reservation_lines"
    order_id: str = Field(primary_key=True, foreign_key="reservations.order_id", sa_type=Text)
    offer_id: str = Field(primary_key=True, foreign_key="offers.offer_id", index=True, sa_type=Text)
    quantity: int = Field(sa_type=BigInteger)
