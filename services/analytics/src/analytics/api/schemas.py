"""Answers of analytics."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from contracts.values import Money


class SalesRow(BaseModel):
    """``commission`` and ``net`` are null by category: they are booked per seller order."""

    key: str
    name: str | None
    orders: int
    units: int
    gross: Money
    commission: Money | None
    net: Money | None

    @classmethod
    def of(cls, row: dict[str, Any]) -> "SalesRow":
        return cls(
            key=row["key"],
            name=row["name"],
            orders=row["orders"],
            units=row["units"],
            gross=Money(amount=row["gross"], currency=row["currency"]),
            commission=_money(row["commission"], row["currency"]),
            net=_money(row["net"], row["currency"]),
        )


class SalesReport(BaseModel):
    """``totals`` has one row per currency."""

    items: list[SalesRow]
    totals: list[SalesRow]


class TracedEvent(BaseModel):
    event_id: str
    topic: str
    type: str
    source: str
    subject: str
    sequence: int
    correlation_id: str
    causation_id: str | None
    time: datetime


class Trace(BaseModel):
    events: list[TracedEvent]


def _money(amount: int | None, currency: str) -> Money | None:
    return None if amount is None else Money(amount=amount, currency=currency)
