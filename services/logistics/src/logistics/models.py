"""Tables, as the migrations make them. Statements are SQL in ``repository``."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Index, Text, text
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


def _shipment(*, primary_key: bool = False) -> Any:
    return Field(sa_column=Column(Text, ForeignKey("shipments.shipment_id"), primary_key=primary_key, nullable=False))


class KnownOrder(Row, table=True):
    """Whose an order is: its buyer may ask about parcels before there is one."""

    __tablename__ = "known_orders"
    order_id: str = _key()
    buyer_id: str = _text()


class Shipment(Row, table=True):
    """The parcel of one seller order. ``last_scan``: the newest step that the carrier told."""

    __tablename__ = "shipments"
    __table_args__ = (
        Index("shipments_order_id_idx", "order_id"),
        Index("shipments_seller_id_shipment_id_idx", "seller_id", "shipment_id"),
    )
    shipment_id: str = _key()
    order_id: str = _text()
    seller_order_id: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    seller_id: str = _text()
    buyer_id: str = _text()
    status: str = _text()
    last_scan: str | None = _text(null=True)
    carrier: str | None = _text(null=True)
    tracking_number: str | None = _text(null=True)
    tracking_url: str | None = _text(null=True)
    shipped_at: datetime | None = _moment(null=True)
    delivered_at: datetime | None = _moment(null=True)
    sequence: int = _big()
    created_at: datetime = _moment()


class ShipmentLine(Row, table=True):
    """What is in the parcel."""

    __tablename__ = "shipment_lines"
    __table_args__ = (Index("shipment_lines_shipment_id_idx", "shipment_id"),)
    line_id: str = _key()
    shipment_id: str = _shipment()
    position: int = _big()
    offer_id: str = _text()
    product_id: str = _text()
    title_fr: str = _text()
    title_en: str = _text()
    quantity: int = _big()


class ShipmentStep(Row, table=True):
    """One entry of a parcel's timeline; ``n`` is the sequence of the event that told it."""

    __tablename__ = "shipment_steps"
    shipment_id: str = _shipment(primary_key=True)
    n: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    status: str = _text()
    occurred_at: datetime = _moment()


class Registration(Row, table=True):
    """What a seller asked a carrier to take: written before the carrier is called, repeated until it answered."""

    __tablename__ = "registrations"
    __table_args__ = (
        Index("registrations_next_attempt_at_idx", "next_attempt_at", postgresql_where=text("state = 'pending'")),
    )
    shipment_id: str = _shipment(primary_key=True)
    carrier: str = _text()
    tracking_number: str | None = _text(null=True)
    state: str = _text()
    attempts: int = _big("0")
    next_attempt_at: datetime = _moment()
    error: str | None = _text(null=True)
    correlation_id: str = _text()


class CarrierCallback(Row, table=True):
    """Every callback that was really the carrier's, and what became of it."""

    __tablename__ = "carrier_callbacks"
    callback_id: str = _key()
    shipment_id: str = _shipment()
    status: str = _text()
    occurred_at: datetime = _moment()
    outcome: str = _text()
    received_at: datetime = _moment()
