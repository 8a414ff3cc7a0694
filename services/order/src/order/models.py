"""Tables, as the migrations make them. Statements on hot paths are SQL in ``repository``."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Column, DateTime, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from chassis.db import new_metadata

metadata = new_metadata()
_NOW = text("clock_timestamp()")


class Row(SQLModel):
    metadata = metadata


def _key() -> Any:
    return Field(sa_column=Column(Text, primary_key=True))


def _text(*, null: bool = False) -> Any:
    return Field(sa_column=Column(Text, nullable=null))


def _big(default: str | None = None) -> Any:
    return Field(sa_column=Column(BigInteger, nullable=False, server_default=default))


def _moment(*, null: bool = False) -> Any:
    return Field(sa_column=Column(DateTime(timezone=True), nullable=null, server_default=None if null else _NOW))


def _order(*, primary_key: bool = False) -> Any:
    return Field(sa_column=Column(Text, ForeignKey("orders.order_id"), primary_key=primary_key, nullable=False))


class Offer(Row, table=True):
    """Projection of ``catalog.offer.v1``: what can be sold now. Amounts in minor units."""

    __tablename__ = "offers"
    offer_id: str = _key()
    sequence: int = _big()
    product_id: str = _text()
    variant_id: str = _text()
    sku: str = _text()
    seller_id: str = _text()
    category_id: str = _text()
    status: str = _text()
    title_fr: str = _text()
    title_en: str = _text()
    variant_fr: str = _text()
    variant_en: str = _text()
    image_url: str = _text()
    price: int = _big()
    currency: str = _text()
    available: int = _big()


class Seller(Row, table=True):
    """Projection of ``identity.seller.v1``: which shops are open."""

    __tablename__ = "sellers"
    seller_id: str = _key()
    sequence: int = _big()
    status: str = _text()


class Cart(Row, table=True):
    """Of an account, or of a guest who holds the token whose SHA-256 is stored."""

    __tablename__ = "carts"
    __table_args__ = (
        CheckConstraint("num_nonnulls(account_id, token_hash) = 1", name="one_owner"),
        Index(None, "updated_at", postgresql_where=text("token_hash IS NOT NULL")),
    )
    cart_id: str = _key()
    account_id: str | None = Field(sa_column=Column(Text, unique=True))
    token_hash: bytes | None = Field(sa_column=Column(LargeBinary, unique=True))
    version: int = _big()
    updated_at: datetime = _moment()


class CartLine(Row, table=True):
    """``seen_price`` is what the owner was last shown; a checkout at another price is refused."""

    __tablename__ = "cart_lines"
    __table_args__ = (CheckConstraint("quantity BETWEEN 1 AND 99", name="quantity"),)
    cart_id: str = Field(
        sa_column=Column(Text, ForeignKey("carts.cart_id", ondelete="CASCADE"), primary_key=True, nullable=False)
    )
    offer_id: str = _key()
    quantity: int = _big()
    seen_price: int = _big()
    seen_currency: str = _text()
    changed_version: int = _big()
    added_at: datetime = _moment()


class Order(Row, table=True):
    """What was bought; its state is the saga's. ``shortages``: what was sold out when stock was rejected."""

    __tablename__ = "orders"
    __table_args__ = (
        Index("orders_buyer_id_order_id_idx", "buyer_id", "order_id"),
        CheckConstraint("total >= 0", name="total"),
    )
    order_id: str = _key()
    number: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    buyer_id: str = _text()
    total: int = _big()
    currency: str = _text()
    shortages: list[dict[str, Any]] | None = Field(sa_column=Column(JSONB))
    placed_at: datetime = _moment()


class OrderAddress(Row, table=True):
    """Personal data, apart from the order so that it can be erased."""

    __tablename__ = "order_addresses"
    order_id: str = _order(primary_key=True)
    name: str = _text()
    line1: str = _text()
    line2: str | None = _text(null=True)
    postal_code: str = _text()
    city: str = _text()
    country: str = _text()
    phone: str | None = _text(null=True)


class SellerOrder(Row, table=True):
    """One seller's part. ``confirmed_at`` makes it visible to its seller; ``fulfilment`` follows logistics."""

    __tablename__ = "seller_orders"
    __table_args__ = (
        Index(None, "order_id"),
        Index(
            "seller_orders_seller_id_seller_order_id_idx",
            "seller_id",
            "seller_order_id",
            postgresql_where=text("confirmed_at IS NOT NULL"),
        ),
        CheckConstraint("total >= 0", name="total"),
    )
    seller_order_id: str = _key()
    order_id: str = _order()
    seller_id: str = _text()
    position: int = _big()
    total: int = _big()
    confirmed_at: datetime | None = _moment(null=True)
    fulfilment: str = Field(sa_column=Column(Text, nullable=False, server_default=text("'none'")))
    fulfilment_sequence: int = _big("0")


class OrderLine(Row, table=True):
    """Snapshot of a bought offer; the currency is the order's."""

    __tablename__ = "order_lines"
    __table_args__ = (
        Index(None, "order_id"),
        CheckConstraint("amount = unit_price * quantity AND quantity > 0", name="amount"),
    )
    line_id: str = _key()
    order_id: str = _order()
    seller_order_id: str = Field(
        sa_column=Column(Text, ForeignKey("seller_orders.seller_order_id"), nullable=False, index=True)
    )
    position: int = _big()
    offer_id: str = _text()
    product_id: str = _text()
    variant_id: str = _text()
    sku: str = _text()
    category_id: str = _text()
    title_fr: str = _text()
    title_en: str = _text()
    variant_fr: str = _text()
    variant_en: str = _text()
    image_url: str = _text()
    quantity: int = _big()
    unit_price: int = _big()
    amount: int = _big()


class Saga(Row, table=True):
    """Where a checkout stands. The three sequences number what the order sends on each of its topics."""

    __tablename__ = "sagas"
    __table_args__ = (
        Index(None, "deadline_at", postgresql_where=text("deadline_at IS NOT NULL")),
        Index(None, "compensating_since", postgresql_where=text("compensating_since IS NOT NULL")),
    )
    order_id: str = _order(primary_key=True)
    state: str = _text()
    version: int = _big()
    repeats: int = _big("0")
    payment_attempt: int = _big("0")
    payment_method: str = _text()
    deadline_at: datetime | None = _moment(null=True)
    cancel_reason: str | None = _text(null=True)
    decline_reason: str | None = _text(null=True)
    compensating_since: datetime | None = _moment(null=True)
    order_sequence: int = _big("0")
    catalog_sequence: int = _big("0")
    payment_sequence: int = _big("0")
    correlation_id: str = _text()
    traceparent: str | None = _text(null=True)
    updated_at: datetime = _moment()


class SagaLog(Row, table=True):
    """Every trigger that reached a saga and what it did; rows are never changed."""

    __tablename__ = "saga_log"
    order_id: str = _order(primary_key=True)
    n: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    from_state: str | None = _text(null=True)
    trigger: str = _text()
    event_id: UUID | None = None
    to_state: str = _text()
    does: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    at: datetime = _moment()
